"""What a demo product is registered with: plain data, so that products.py reads like a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Model:
    """A model in a component, and the answers of its sheet."""

    component: str
    version: str  # slug
    model_id: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """A product as its owner registers it. What happens to it afterwards is in stories/."""

    slug: str
    name: str
    owner: str  # key of a person
    team: str
    licensee: str  # key of an entity
    environments: Mapping[str, bool]  # name: production or not
    answers: Mapping[str, Any]
    models: tuple[Model, ...]
    offeror: str = ""
    later: tuple[Model, ...] = field(default=())  # chosen only once the story gets there
    promise: str = ""  # the state it ends in, for who runs the demo

    @property
    def versions(self) -> frozenset[str]:
        """The Llama versions whose texts its story needs."""
        return frozenset(model.version for model in (*self.models, *self.later))
