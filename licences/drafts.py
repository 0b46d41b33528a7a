"""What stands in a version's draft: its parts, how their clauses fare, and what is still to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.files.store import read
from licences.carry_over import Carried, Comparison, compare_versions
from licences.catalogue_doubts import Doubt, doubts_by_part
from licences.clauses import Clause, Kind, split
from licences.draft_texts import citations_lost
from licences.models import TextKind, VersionDraft
from licences.queries import current_text, terms_for
from licences.said_values import values_missing
from licences.terms import AupItem, CatalogueError, terms_from_mapping
from licences.words import OBLIGATION_TITLES

MODELS = "models"  # the part that says which models a version has: never carried over
OF_EACH_VERSION = frozenset({"mau"})  # worded alike, they still say something else: the month that is tested


@dataclass(frozen=True)
class Part:
    """One duty or policy item of the draft, or one of the nearest version that was left out."""

    key: str
    row: Mapping[str, Any]
    clauses: tuple[str, ...]
    carried: Carried | None  # None where the nearest version has no such part
    decided: str  # confirmed, edited, added, left_out; empty while nobody decided

    @property
    def lost(self) -> tuple[str, ...]:
        """What it cites in the nearest version, where the new texts have none of it. Another may bear the number."""
        if self.decided or self.carried is None or self.carried.clauses:
            return ()
        return self.carried.gone


@dataclass(frozen=True)
class Problem:
    """Something that the new texts do not have: a clause that is cited, or a value that the rules would hand out."""

    field: str  # "clauses", "id", or the name of a parameter
    text: str


def part_keys(document: Mapping[str, Any]) -> list[str]:
    """The keys of the models, of all duties and of all items of a catalogue document."""
    return [
        MODELS,
        *(str(one["key"]) for one in document["obligation"]),
        *(f"item:{one['id']}" for one in document["aup_item"]),
    ]


def comparison_of(draft: VersionDraft) -> Comparison:
    """The new texts against the current ones of the nearest version; kept, because texts never change."""
    old = {kind.value: current_text(draft.based_on, kind) for kind in TextKind}
    names = (draft.based_on.name, f"Meta {draft.based_on.name}", draft.name, f"Meta {draft.name}")
    return _compared(
        *(text.sha256 if text else "" for text in (old["agreement"], old["aup"])),
        str(draft.agreement_id),
        str(draft.aup_id),
        names,
    )


@lru_cache(maxsize=16)
def _compared(old_agreement: str, old_aup: str, agreement: str, aup: str, names: tuple[str, ...]) -> Comparison:
    return compare_versions(
        {"agreement": _clauses(old_agreement, "agreement"), "aup": _clauses(old_aup, "aup")},
        {"agreement": _clauses(agreement, "agreement"), "aup": _clauses(aup, "aup")},
        names,
    )


def _clauses(sha256: str, kind: Kind) -> Sequence[Clause]:
    return split(read(sha256), kind) if sha256 else ()


def parts_of(draft: VersionDraft) -> list[Part]:
    """Every part of the draft in the order of its document, with how its clauses fare."""
    comparison = comparison_of(draft)
    before = _clauses_before(draft)
    return [
        Part(
            key,
            row,
            clauses,
            comparison.carry(before[key]) if key in before else None,
            str(draft.decided.get(key, {}).get("how", "")),
        )
        for key, row, clauses in _rows(draft)
    ]


def items_gone(draft: VersionDraft) -> list[AupItem]:
    """Items of the nearest version that the new policy has no longer. No draft has them: their number may be taken."""
    comparison = comparison_of(draft)
    return [item for item in terms_for(draft.based_on).aup_items if not comparison.carry([item.clause]).clauses]


def to_account_for(draft: VersionDraft) -> list[str]:
    """New and changed clauses that no part cites and nobody has accounted for."""
    cited = [clause for _key, _row, clauses in _rows(draft) for clause in clauses]
    return [one for one in comparison_of(draft).to_account_for(cited) if f"clause:{one}" not in draft.decided]


def carry_over_as_they_are(draft: VersionDraft) -> list[str]:
    """The parts that nobody decided and whose clauses say the same: one press carries them over.

    What the new texts contradict, and what is to be looked at again, is left for a decision of its own.
    """
    doubtful = {one.part for one in doubts_of(draft)}
    return [
        one.key
        for one in parts_of(draft)
        if not one.decided
        and one.carried
        and one.carried.fate == "same"
        and one.key not in OF_EACH_VERSION | doubtful
        and not problems_of(draft, one.row)
    ]


def problems_of(draft: VersionDraft, row: Mapping[str, Any]) -> list[Problem]:
    """What the draft's texts do not have of a duty or an item. Nobody may confirm or enter it as it stands."""
    citations = [f"AUP {row['id']}"] if "id" in row else list(row.get("clauses", ()))
    if lost := citations_lost(draft, citations):
        words = _("The new texts have no clause %(lost)s. Give clauses as the redline of the draft numbers them.")
        return [Problem("id" if "id" in row else "clauses", words % {"lost": ", ".join(lost)})]
    if "kind" not in row:
        return []
    missing = values_missing(row["kind"], row["parameters"], words_cited(draft, citations))
    return [Problem(name, _not_in_text(name, row["parameters"][name], citations)) for name in missing]


def problems_left(draft: VersionDraft) -> list[str]:
    """The same of every duty of the draft, in sentences."""
    return [one.text for row in draft.document["obligation"] for one in problems_of(draft, row)]


def doubts_of(draft: VersionDraft) -> list[Doubt]:
    """What looks left over from the nearest version; none while the draft cannot be read as terms."""
    try:
        terms = terms_from_mapping(draft.document, draft.name)
    except CatalogueError:
        return []
    # That a part is not decided stands beside it already.
    return [one for one in doubts_by_part(terms, OBLIGATION_TITLES) if one.part != MODELS or MODELS in draft.decided]


def words_cited(draft: VersionDraft, citations: Sequence[str]) -> list[str]:
    """The normalised words of the draft's clauses that these citations point to, with all that stands under them."""
    return [
        pair.new.words
        for document, pairs in comparison_of(draft).pairs.items()
        for pair in pairs
        if pair.new is not None and _is_under(f"{document} {pair.new.id}", citations)
    ]


def _is_under(clause: str, citations: Sequence[str]) -> bool:
    return any(clause == one or clause.startswith(f"{one}.") for one in citations)


def _not_in_text(name: str, value: str, clauses: Sequence[str]) -> str:
    what = {"clauses": ", ".join(clauses), "value": f"{int(value):,}" if value.isdigit() else value}
    if name == "threshold":
        words = ngettext(
            "Clause %(clauses)s of the new text does not have the number %(value)s, in digits or as “500 million”. "
            "Change the part and give the number that it has now.",
            "Clauses %(clauses)s of the new texts do not have the number %(value)s, in digits or as “500 million”. "
            "Change the part and give the number that they have now.",
            len(clauses),
        )
    else:
        words = ngettext(
            "Clause %(clauses)s of the new text does not have “%(value)s”. "
            "Change the part and give the words that it has now.",
            "Clauses %(clauses)s of the new texts do not have “%(value)s”. "
            "Change the part and give the words that they have now.",
            len(clauses),
        )
    return words % what


def open_questions(draft: VersionDraft) -> list[str]:
    """What keeps the draft from being submitted: parts and clauses without a decision."""
    decided = draft.decided
    return [*(key for key in part_keys(draft.document) if key not in decided), *to_account_for(draft)]


def _rows(draft: VersionDraft) -> Iterator[tuple[str, Mapping[str, Any], tuple[str, ...]]]:
    yield MODELS, draft.document["models"], ()
    for one in draft.document["obligation"]:
        yield str(one["key"]), one, tuple(one["clauses"])
    for one in draft.document["aup_item"]:
        yield f"item:{one['id']}", one, (f"AUP {one['id']}",)


def _clauses_before(draft: VersionDraft) -> dict[str, tuple[str, ...]]:
    """What each part cites in the nearest version, by the key that it has in the draft."""
    terms = terms_for(draft.based_on)
    comparison = comparison_of(draft)
    found = {one.key: one.clauses for one in terms.obligations}
    for item in terms.aup_items:
        if now := comparison.carry([item.clause]).clauses:
            found[f"item:{now[0].removeprefix('AUP ')}"] = (item.clause,)
    return found
