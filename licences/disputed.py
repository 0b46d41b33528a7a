"""Models whose sources name different Llama licences, and which versions stand behind a model besides its own. Pure.

Until somebody settles what governs such a model, the cautious reading keeps the duties of every candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licences.facts_fields import NONE, text_of, values_of
from licences.known_models import KNOWN_BY_NAME
from licences.model_name_parts import take_apart
from licences.safeguard_names import SAFEGUARDS, safeguard_of


@dataclass(frozen=True)
class Disputed:
    """A model whose sources disagree: the candidates by slug, oldest first, and what the sources say."""

    model_id: str
    versions: tuple[str, ...]
    why: str


def version_name(slug: str) -> str:
    """ "Llama 3.1" for "llama-3.1": what people read where no catalogue is at hand."""
    family, _dash, rest = slug.partition("-")
    return f"{family.capitalize()} {rest.replace('-', ' ')}".strip()


def version_names(slugs: tuple[str, ...]) -> str:
    """The names of some versions in one line."""
    return ", ".join(map(version_name, slugs))


def disputed_source(model_id: str) -> Disputed | None:
    """What the sources say of this model, where they name several Llama licences; None where they agree."""
    if not model_id:
        return None
    parts = take_apart(model_id)
    key = safeguard_of(parts)
    if key is not None:
        safeguard = SAFEGUARDS.get(key)
        if safeguard is None or safeguard.outcome != "conflict":
            return None
        return Disputed(model_id, tuple(sorted(safeguard.versions)), safeguard.why)
    known = next((one for one in KNOWN_BY_NAME if one.pattern.search(parts.words)), None)
    if known is None or known.outcome != "conflict":
        return None
    return Disputed(model_id, tuple(sorted(known.versions)), known.why)


def may_move(model_id: str) -> bool:
    """Whether the id may mean another model tomorrow: a moving tag, or one that was pointed elsewhere before."""
    parts = take_apart(model_id)
    re_pointed = any(one.rule == "re-pointed-tag" and one.pattern.search(parts.words) for one in KNOWN_BY_NAME)
    return bool(parts.name) and (parts.moving_tag or (re_pointed and not parts.pinned))


def disputed_sources(model: Mapping[str, Any]) -> tuple[Disputed, ...]:
    """The same for a model sheet: the model that runs, and the one that it was made from."""
    ids = dict.fromkeys(text_of(model, key) for key in ("model_id", "base_model"))
    return tuple(found for one in ids if (found := disputed_source(one)) is not None)


def ancestors_of(model: Mapping[str, Any]) -> tuple[str, ...]:
    """The other Llama versions that the sheet declares behind the model."""
    return tuple(sorted(values_of(model, "ancestors") - {NONE, text_of(model, "version")}))


def versions_behind(model: Mapping[str, Any]) -> tuple[str, ...]:
    """Every Llama version, other than the sheet's own, whose terms may reach the model: ancestors and candidates."""
    candidates = {slug for one in disputed_sources(model) for slug in one.versions}
    return tuple(sorted((candidates | set(ancestors_of(model))) - {text_of(model, "version")}))
