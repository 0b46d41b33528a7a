"""The policy's paragraph on multimodal models and the EU, where it comes from an ancestor of the model.

It withholds the rights of LICENSE 1.a from whoever is based in the European Union, and using an ancestor's model or its
outputs to make another takes these rights. So the ancestor's own model counts, not what was made from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from licences.added_versions import read_again
from licences.assessment.finding import Finding, Status, fact_missing
from licences.assessment.situation import Situation
from licences.facts import Facts
from licences.facts_fields import NONE
from licences.model_names import Status as NameStatus
from licences.model_names import propose
from licences.terms import Terms


@dataclass(frozen=True)
class Withheld:
    """What the paragraph of one version behind the model says of the model that stands on it."""

    status: Status
    explanation: str
    action: str = ""
    reading: bool = False


def withheld_by_descent(facts: Facts, terms: Terms, own: Finding) -> Withheld | None:
    """What the ancestor's paragraph means for the licensee; None where it does not reach it. `own` is the finding as if
    the model were under that version, which says what there is to say of the licensee."""
    situation = Situation(facts, terms)
    multimodal = _ancestor_is_multimodal(situation)
    if multimodal == "no" or facts.entity.in_eu == "no" or situation.permission("eu-multimodal"):
        return None
    name, roles = terms.name, situation.model("ancestor_roles")
    made_here = "changed" in situation.model("model_uses")
    if roles == {"outputs"} and not made_here and situation.knows("model", "model_uses"):
        return None  # somebody else used that model; nothing of it is here
    if facts.entity.in_eu == "unknown":
        return Withheld(
            "unknown", f"{name} stands behind the model, and where the licensee is based is not known.", own.action
        )
    if not made_here:
        return Withheld(
            "legal_judgement",
            f"{name} stands behind the model, and others made it. Whether its paragraph reaches what was made from a "
            "multimodal model, and is run here as it came, is a reading.",
            f"Judge whether the paragraph of {name} reaches the model.",
            reading=True,
        )
    if multimodal == "unknown":
        return Withheld(
            "legal_judgement",
            f"{name} was used to make the model, and some of its models are multimodal. To use one of those takes the "
            "rights of 1.a, which a licensee based in the European Union does not have for it.",
            f"Find out which model of {name} was used: {fact_missing(situation.question('model', 'base_model'))}",
        )
    alone = len(situation.model("ancestors") - {NONE}) == 1
    certain = facts.entity.in_eu == "yes" and facts.entity.kind in {"company", "individual"}
    if alone and certain and "weights" in roles:
        return Withheld(
            "prohibited",
            f"The licensee is based in the European Union and made this model from a multimodal model of {name}: the "
            "rights of 1.a are not granted to it for that one, to use or to change, whatever was made from it.",
            f"Train again without {name}, or get Meta's permission.",
        )
    return Withheld(
        "legal_judgement",
        f"A multimodal model of {name}, or its outputs, helped to make this model. Whoever is based in the European "
        "Union has no rights of 1.a to use such a model; who ran it, and how, is not declared, so this is a reading.",
        f"Find out who ran {name} and where they are based, and judge whether the paragraph reaches the licensee.",
        reading=True,
    )


def _ancestor_is_multimodal(situation: Situation) -> str:
    """yes, no or unknown, of the ancestor's own model: the one named as base, else whatever the version has."""
    base, terms = situation.model_text("base_model"), situation.terms
    said = read_again(propose(base), [terms]) if base else None
    if said is not None and said.status == NameStatus.RESOLVED and said.versions == (terms.slug,):
        return terms.multimodality_of(base)
    return terms.multimodal_otherwise
