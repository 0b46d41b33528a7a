"""The ban on improving other models (LICENSE 1.b.v), where it comes from an ancestor of the model."""

from __future__ import annotations

from dataclasses import dataclass

from licences.assessment.finding import Finding, Status, fact_missing, worst
from licences.assessment.situation import Situation
from licences.disputed import version_name
from licences.facts import Facts
from licences.facts_fields import NONE
from licences.terms import Terms


@dataclass(frozen=True)
class Banned:
    """What one version's ban says of the model that stands on it."""

    status: Status
    explanation: str
    action: str = ""
    reading: bool = False


def banned_by_descent(facts: Facts, terms: Terms, own: Finding) -> Banned:
    """Whether the ancestor's materials or outputs improved this model, and what its finding says of later uses."""
    made = _making_it(Situation(facts, terms), terms)
    status = worst([made.status, own.status])
    action = " ".join(dict.fromkeys(one for one in (made.action, own.action) if one))
    reading = (made.reading and made.status == status) or (own.reading and own.status == status)
    return Banned(status, made.explanation, action, reading)


def _making_it(situation: Situation, terms: Terms) -> Banned:
    name, excluded = terms.name, (terms.improvement_ban or terms.required("grant")).parameters.get("excluded", "")
    roles = situation.model("ancestor_roles")
    if grant := situation.permission("improvement"):
        return Banned(
            "satisfied",
            f"{name} stands behind the model; a permission is on file: {grant.reference}.",
            "Check that the permission covers this model.",
        )
    if not roles:
        return Banned(
            "unknown",
            f"{name} stands behind the model, and whether by its weights or its outputs is not known.",
            fact_missing(situation.question("model", "ancestor_roles")),
        )
    if situation.knows("model", "model_uses") and "changed" not in situation.model("model_uses"):
        return Banned(
            "legal_judgement",
            f"{name} stands behind the model, and others made it. The ban speaks of what a licensee itself improves; "
            "whether running what others improved falls under it is a reading.",
            "Ask the maker on which terms it was made, and improve no other large language model with it.",
            reading=True,
        )
    alone = len(situation.model("ancestors") - {NONE}) == 1
    if roles == {"outputs"} and alone:
        return Banned(
            "prohibited",
            f"Outputs of {name} helped to make or improve this model. As far as it learnt from outputs, it is no "
            f"{excluded} and not made from it, which would be excluded.",
            f"Stop, and train again without outputs of {version_name(terms.slug)}, or get Meta's permission.",
        )
    if "outputs" in roles and alone:
        return Banned(
            "legal_judgement",
            f"Outputs of {name} helped to make or improve this model, and weights of it are in it. Whether the model "
            f"then derives from {excluded}, which is excluded, or is another, is a reading.",
            f"Judge whether a model other than {excluded} is improved.",
            reading=True,
        )
    if "outputs" in roles:
        return Banned(
            "legal_judgement",
            f"Outputs of versions behind the model helped to make or improve it. Whether outputs of {name} did, or "
            f"whether the model derives from {excluded}, which is excluded, is not declared version by version, and a "
            "reading.",
            f"Find out what of {version_name(terms.slug)} is behind the model, and judge whether a model other than "
            f"{excluded} is improved.",
            reading=True,
        )
    return Banned(
        "legal_judgement",
        f"Weights of {name} are in the model. Whether the model then derives from {excluded}, which is excluded, or is "
        "another that was improved with it, is a reading.",
        f"Judge whether a model other than {excluded} is improved.",
        reading=True,
    )
