"""What the rules ask about: the questions, the declared answers, and the digest an approval is bound to.

The questions live in `facts_product.py` and `facts_model.py`. This module asks only what the answers so far call
for, cleans what people enter, and turns declared facts into one canonical document (RFC 8785). No database, no clock.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import rfc8785

from licences.disputed import version_name
from licences.facts_fields import (
    NO,
    NO_VERSIONS,
    NONE,
    UNKNOWN,
    YES,
    Answers,
    Choice,
    Field,
    Sheet,
    is_known,
    values_of,
)
from licences.facts_model import MODEL_FIELDS, has_a_base
from licences.facts_places import COUNTRIES, EEA, EU, IN_PART_OF_THE_EEA, OF_A_MEMBER_STATE, WORLDWIDE, country_name
from licences.facts_product import PRODUCT_FIELDS
from licences.terms import Terms

__all__ = [
    "ENTITY_LABELS",
    "MODEL_FIELDS",
    "PRODUCT_FIELDS",
    "EntityFacts",
    "Facts",
    "Permission",
    "aup_item_choices",
    "changed_material_fields",
    "changed_words_behind",
    "clean",
    "digest",
    "field_named",
    "fields_of",
    "fields_to_ask",
    "listed",
    "material",
    "missing",
    "suggest",
]

SCHEMA = "licence-desk/facts"
SCHEMA_VERSION = 1
SCHEMA_VERSION_WITH_BEHIND = 2  # with `behind`; facts of a model on one version alone keep the digest they always had

_ITEM = re.compile(r"^\d{1,2}(\.[a-z](\.[ivx]{1,5})?)?$")
_SLUG = re.compile(r"^[a-z0-9][a-z0-9.-]{0,62}$")
_LONGEST = {"text": 4000, "model_id": 300, "record": 300, "version": 63}


@dataclass(frozen=True)
class Permission:
    """A separate written grant from Meta. `kind`: mau, use, eu-multimodal, marks, improvement or other.

    "use:2.a" is the grant of a use that this item of the policy forbids; "use" names no item.
    """

    kind: str
    reference: str  # which document: its own reference or SHA-256
    note: str = ""
    version: str = ""  # the slug of the one Llama version that it names; empty where it names none


@dataclass(frozen=True)
class EntityFacts:
    """What legal knows about one entity, as one Llama version asks for it. None and "unknown" are honest answers."""

    reference: str
    name: str = ""
    kind: str = "company"  # company, individual, public-body, other (a university, an association)
    principal_place: str = UNKNOWN  # ISO 3166 code of the principal place of business, or domicile
    principal_place_basis: str = ""
    mau: int | None = None  # users of all products of the entity and its affiliates, in `mau_month`
    mau_month: str = ""  # "2024-06"
    mau_source: str = ""
    acceptance: str = UNKNOWN  # accepted, not-evidenced, unknown
    accepted_agreement_sha256: str = ""
    accepted_aup_sha256: str = ""
    litigation: str = UNKNOWN  # yes, no, unknown: proceedings of the kind in LICENSE 5.c, counterclaims included
    permissions: tuple[Permission, ...] = ()
    received_in_end_user_product: str = UNKNOWN  # yes, no, unknown: legal's answer to LICENSE 1.b.ii
    end_user_of_multimodal: str = UNKNOWN  # yes, no, unknown: legal's answer to the AUP's exception for end users

    @property
    def in_eu(self) -> str:
        """yes, no, unclear (a territory of a member state) or unknown: the test of the AUP's multimodal paragraph."""
        return self._inside(EU)

    @property
    def in_eea_or_switzerland(self) -> str:
        """yes, no, unclear or unknown: which Meta company is the counterparty (LICENSE definition.meta)."""
        if self.principal_place in IN_PART_OF_THE_EEA:
            return "unclear"
        return self._inside(EEA | {"CH"})

    def permission_for_item(self, item_id: str, version: str) -> Permission | None:
        """The grant of a use that names this item of the policy, or the item that this one belongs to."""
        parts = item_id.split(".")
        named = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        return next((found for one in named if (found := self.permission(f"use:{one}", version))), None)

    def permission(self, kind: str, version: str = "") -> Permission | None:
        """The grant of this kind, if Meta gave one. With `version`, one that names another version does not count."""
        return next(
            (one for one in self.permissions if one.kind == kind and (not version or one.version in {"", version})),
            None,
        )

    def _inside(self, places: Iterable[str]) -> str:
        if self.principal_place not in COUNTRIES:
            return UNKNOWN
        if self.principal_place in OF_A_MEMBER_STATE:
            return "unclear"
        return YES if self.principal_place in places else NO


@dataclass(frozen=True)
class Facts:
    """Everything that one assessment reads: one entity, one product, one model sheet."""

    entity: EntityFacts
    product: Mapping[str, Any] = field(default_factory=dict)
    model: Mapping[str, Any] = field(default_factory=dict)
    behind: Mapping[str, EntityFacts] = field(default_factory=dict)  # the entity as each version behind the model asks
    words_behind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by slug, then by WORDS_BEHIND


# Digests of the words of both current texts of a version behind the model, beside what it asks of the entity.
WORDS_BEHIND = ("agreement_words", "aup_words")

# The entity's facts that count, with the words for a change. The name does not: companies are renamed.
ENTITY_LABELS: dict[str, str] = {
    "reference": "Which entity",
    "kind": "Kind of entity",
    "principal_place": "Principal place of business",
    "mau": "Monthly active users in the tested month",
    "mau_month": "Month tested for monthly active users",
    "acceptance": "Acceptance of this version",
    "accepted_agreement_sha256": "Agreement that was accepted",
    "accepted_aup_sha256": "Acceptable use policy that was accepted",
    "litigation": "Proceedings of the kind in LICENSE 5.c",
    "permissions": "Permissions from Meta",
    "received_in_end_user_product": "Received as part of an integrated end user product (LICENSE 1.b.ii)",
    "end_user_of_multimodal": "End user of a product with multimodal models (AUP eu-multimodal)",
}

# What a permission covers, by its kind; a use that names an item of the policy is told by that item.
COVERED_LABELS: dict[str, str] = {
    "mau": "monthly active users, LICENSE 2",
    "use": "a use that the acceptable use policy forbids",
    "eu-multimodal": "multimodal models in the European Union, AUP",
    "marks": "Meta’s marks, LICENSE 5.a",
    "improvement": "improving other language models, LICENSE 1.b.v",
    "other": "something else",
}


def fields_of(sheet: Sheet) -> tuple[Field, ...]:
    """Every field of a sheet, asked or not."""
    return {"product": PRODUCT_FIELDS, "model": MODEL_FIELDS}[sheet] if sheet != "entity" else ()


def field_named(sheet: Sheet, key: str) -> Field:
    """One field; KeyError where the sheet has none of that name."""
    for one in fields_of(sheet):
        if one.key == key:
            return one
    raise KeyError(f"The {sheet} sheet has no field {key!r}.")


def fields_to_ask(sheet: Sheet, answers: Answers, terms: Terms | None = None) -> list[Field]:
    """The questions that the answers so far call for, in order; fewer where the version's terms make one idle."""
    return [
        one
        for one in fields_of(sheet)
        if one.kind != "record" and one.asked_when(answers) and (terms is None or one.asked_under(terms))
    ]


def missing(sheet: Sheet, answers: Answers, terms: Terms | None = None) -> list[Field]:
    """The questions whose answer approval still waits for: unanswered, or answered "unknown"."""
    return [one for one in fields_to_ask(sheet, answers, terms) if one.required and not is_known(answers, one.key)]


def suggest(answers: Answers, terms: Terms) -> dict[str, str]:
    """Proposed answers for the model sheet's prefilled fields that are still open. People confirm by declaring."""
    proposals = {
        "version": terms.slug,
        "multimodal": terms.multimodality_of(str(answers.get("model_id") or "")),
        "notice_text": terms.notice,
        "attribution_text": terms.display.text if terms.display else "",
    }
    open_keys = {one.key for one in fields_to_ask("model", answers, terms) if one.prefilled and one.key not in answers}
    return {key: value for key, value in proposals.items() if key in open_keys and value not in ("", UNKNOWN)}


def listed(answers: Answers, terms: Terms) -> dict[str, str]:
    """What the catalogue says of the model itself while nobody said otherwise: declared with the rest, as proposed.

    A changed copy need not be like the model that is listed, so for one the question stays open.
    """
    proposed = suggest(answers, terms)
    if "multimodal" not in proposed or not is_known(answers, "model_id") or has_a_base(answers):
        return {}
    return {"multimodal": proposed["multimodal"]}


def aup_item_choices(terms: Iterable[Terms], product: Answers) -> tuple[Choice, ...]:
    """The items that the touched subjects and fields of work open, over the versions in play, each id once."""
    touched = values_of(product, "aup_screening")
    choices: dict[str, Choice] = {}
    for version in terms:
        for item in version.items_touched_by(touched):
            choices.setdefault(item.id, Choice(item.id, f"AUP {item.id}: {item.subject}"))
    return (*choices.values(), Choice(NONE, "None of these", alone=True))


def clean(sheet: Sheet, answers: Answers) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers as they are stored, and a sentence for each that cannot be.

    Answers to questions that no longer arise are dropped, so that they cannot linger in a declaration.
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in fields_of(sheet):
        if one.kind != "record" and not one.asked_when(cleaned):
            continue
        raw = answers.get(one.key)
        try:
            value = _clean_list(one, raw) if one.is_list else _clean_single(one, raw)
        except ValueError as error:
            errors[one.key] = str(error)
            continue
        if value not in ("", [], None):
            cleaned[one.key] = value
    return cleaned, errors


def _clean_list(one: Field, raw: Any) -> list[str]:
    values = sorted({str(value).strip() for value in (raw if isinstance(raw, list | tuple | set) else [raw]) if value})
    if UNKNOWN in values:
        if len(values) > 1:
            raise ValueError("Choose “not known yet” alone, or leave it out.")
        return values
    for value in values:
        _check_member(one, value)
    alone = [choice.value for choice in one.choices if choice.alone] or [NONE, WORLDWIDE]
    if len(values) > 1 and any(value in alone for value in values):
        together = next(one.label_of(value) for value in values if value in alone)
        raise ValueError(f"“{together}” goes with no other answer. Untick it, or untick the others.")
    return values


def _check_member(one: Field, value: str) -> None:
    """Refuse a list value that the field does not know."""
    if one.kind == "countries":
        fits = value == WORLDWIDE or value in COUNTRIES
    elif one.kind == "aup_items":
        fits = value == NONE or bool(_ITEM.match(value))
    elif one.kind == "versions":
        fits = value == NONE or bool(_SLUG.match(value))
    else:
        fits = value in {choice.value for choice in one.choices}
    if not fits:
        raise ValueError(f"“{value[:60]}” is none of the answers offered. Choose from the list.")


def _clean_single(one: Field, raw: Any) -> str | int | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, list | tuple):
        raise ValueError("Give one answer.")
    text = "\n".join(line.rstrip() for line in str(raw).replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if text == UNKNOWN:
        return UNKNOWN
    if one.kind in {"choice", "yes_no"} and text not in {choice.value for choice in one.options}:
        raise ValueError(f"“{text[:60]}” is none of the answers offered. Choose from the list.")
    if one.kind == "number":
        if not re.fullmatch(r"\d{1,15}", text):
            raise ValueError("Write a whole number in digits, like 120000, or choose “not known yet”.")
        return int(text)
    if one.kind == "date":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise ValueError("Write the date as year-month-day, like 2025-04-05.") from error
    if one.kind == "version" and not _SLUG.match(text):
        raise ValueError("Choose one of the Llama versions in the catalogue.")
    longest = _LONGEST.get(one.kind, 200)
    if len(text) > longest:
        raise ValueError(f"This is longer than {longest} characters. Shorten it, or attach a document instead.")
    if one.kind == "model_id" and any(character.isspace() for character in text):
        raise ValueError("A model id has no blanks in it. Copy it as your code or your provider writes it.")
    return text


def material(facts: Facts) -> dict[str, Any]:
    """The document that an approval is bound to: schema and version inside, known material answers only.

    Unknown and unanswered are both left out, so saving "not known yet" changes nothing, and a question that a later
    release adds does not make an old declaration look different.
    """
    document = {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION_WITH_BEHIND if facts.behind else SCHEMA_VERSION,
        "entity": _material_entity(facts.entity),
        "product": _material_answers("product", facts.product),
        "model": _material_answers("model", facts.model),
    }
    if facts.behind:
        document["behind"] = {
            slug: _material_entity(entity) | dict(facts.words_behind.get(slug, {}))
            for slug, entity in sorted(facts.behind.items())
        }
    return document


def _material_entity(entity: EntityFacts) -> dict[str, Any]:
    permissions = sorted({f"{one.kind}:{one.reference}" for one in entity.permissions})
    of_entity = {key: getattr(entity, key) for key in ENTITY_LABELS} | {"permissions": permissions}
    return {key: value for key, value in of_entity.items() if value not in (None, "", [], UNKNOWN)}


def _material_answers(sheet: Sheet, answers: Answers) -> dict[str, Any]:
    cleaned, errors = clean(sheet, answers)
    cleaned |= {key: answers[key] for key in errors}  # never left out silently: what was declared counts
    return {one.key: cleaned[one.key] for one in fields_of(sheet) if one.material and is_known(cleaned, one.key)}


def digest(facts: Facts) -> str:
    """SHA-256 of the canonical form (RFC 8785) of the material facts."""
    return hashlib.sha256(rfc8785.dumps(material(facts))).hexdigest()


def changed_material_fields(
    old: Mapping[str, Any], new: Mapping[str, Any], versions: Mapping[str, str] = NO_VERSIONS
) -> list[str]:
    """One sentence per material answer that differs between two documents of `material()`: why something is stale.

    What a document of an older version could not say counts as unchanged: the version itself is never compared.
    `versions` are the names of Llama versions by slug.
    """
    sentences = []
    for sheet in ("entity", "product", "model"):
        before, after = old.get(sheet, {}), new.get(sheet, {})
        for key in _keys_in_order(sheet, {**before, **after}):
            if before.get(key) == after.get(key):
                continue
            if (sheet, key) == ("entity", "permissions"):
                sentences += _changed_permissions(before.get(key, []), after.get(key, []))
            else:
                question, was = _shown(sheet, key, before.get(key), versions)
                _question, now = _shown(sheet, key, after.get(key), versions)
                sentences.append(f"{question} was “{was}” and is now “{now}”.")
    return sentences + _changed_behind(old.get("behind"), new.get("behind", {}))


def _changed_permissions(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """A sentence for each document that ended, or that is new: a person looks for its reference."""
    was, now = set(before), set(after)
    ended = [f"{one} is no longer held." for one in _permissions_in_words(was - now)]
    return ended + [f"{one} is held now and was not before." for one in _permissions_in_words(now - was)]


def _permissions_in_words(found: Iterable[str]) -> list[str]:
    """Each document once, with what it covers: of "mau:PRM-00003" the last part names the document."""
    covered: dict[str, list[str]] = {}
    for one in sorted(found):
        kind, _colon, reference = one.rpartition(":")
        covered.setdefault(reference, []).append(_covered_in_words(kind))
    return [
        f"The permission {reference} from Meta ({'; '.join(kinds)})" for reference, kinds in sorted(covered.items())
    ]


def _covered_in_words(kind: str) -> str:
    item = kind.removeprefix("use:")
    return COVERED_LABELS.get(kind, kind if item == kind else f"a use within AUP {item}")


def _changed_behind(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """The same for what the versions behind the model ask of the entity; each sentence names its version.

    A document of an earlier release has none of it, and does not look different for that. A version that came or went
    is told by the answer that names it.
    """
    if old is None:
        return []
    found = []
    for slug in sorted(set(old) & set(new)):
        said = changed_material_fields({"entity": _of_entity(old[slug])}, {"entity": _of_entity(new[slug])})
        found += [f"{version_name(slug)}: {sentence}" for sentence in said]
    return found


def _of_entity(behind: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in behind.items() if key not in WORDS_BEHIND}


def changed_words_behind(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Which texts of versions behind the model have other words in the newer document: slug, and one of WORDS_BEHIND.

    Where the older document does not hold the words, as those of earlier releases, nothing is said.
    """
    before, after = old.get("behind", {}), new.get("behind", {})
    return [
        (slug, key)
        for slug in sorted(set(before) & set(after))
        for key in WORDS_BEHIND
        if key in before[slug] and before[slug][key] != after[slug].get(key)
    ]


def _keys_in_order(sheet: str, present: Mapping[str, Any]) -> list[str]:
    known = list(ENTITY_LABELS) if sheet == "entity" else [one.key for one in _sheet_fields(sheet)]
    return [key for key in known if key in present] + sorted(set(present) - set(known))


def _sheet_fields(sheet: str) -> tuple[Field, ...]:
    return PRODUCT_FIELDS if sheet == "product" else MODEL_FIELDS


def _shown(sheet: str, key: str, value: Any, versions: Mapping[str, str]) -> tuple[str, str]:
    """The question and one answer as a person reads them, also for keys that this release no longer has."""
    if sheet == "entity":
        text = country_name(str(value)) if key == "principal_place" and value else value
        return ENTITY_LABELS.get(key, key), _plain(text)
    for one in _sheet_fields(sheet):
        if one.key == key:
            if one.kind == "countries" and value:
                return one.question, ", ".join(country_name(code) for code in value)
            return one.question, one.label_of(value, versions)
    return key, _plain(value)


def _plain(value: Any) -> str:
    if value in (None, "", []):
        return "not known"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
