"""From one version to the next: what carries over, what is worded anew, and what nobody has accounted for. Pure.

A proposal for the lawyer who adds a version: each duty and policy item of the nearest version, with how its clauses
fare in the new texts. People confirm each; a changed clause that no duty cites has to be accounted for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from licences.clauses import APPENDED_AUP, DOCUMENT_NAMES, Clause, Kind
from licences.normalise import fold_version
from licences.redline import ClausePair, PairKind, compare

Fate = Literal["same", "reworded", "gone"]
_GRAVER: tuple[Fate, ...] = ("gone", "reworded", "same")


@dataclass(frozen=True)
class Carried:
    """One duty or item of the nearest version, as it would stand in the new one."""

    clauses: tuple[str, ...]  # as the new text counts them; those that are gone are left out
    fate: Fate  # the worst of its clauses
    changed: tuple[str, ...]  # clauses, as the new text counts them, that say something else
    gone: tuple[str, ...]  # clauses, as the older text counts them, that the new one has no longer


@dataclass(frozen=True)
class Comparison:
    """Both documents of two versions, clause matched to clause; `pairs` goes by "LICENSE" and "AUP"."""

    pairs: Mapping[str, Sequence[ClausePair]]

    def carry(self, clauses: Iterable[str]) -> Carried:
        """What becomes of something that cites these clauses of the older version."""
        found, changed, gone, fates = [], [], [], list[Fate]()
        for citation in clauses:
            document, _, clause_id = citation.partition(" ")
            pairs = [pair for pair in self.pairs.get(document, ()) if pair.old and _is_in(pair.old.id, clause_id)]
            here = next((pair for pair in pairs if pair.old and pair.old.id == clause_id), None)
            if here is None or here.new is None:
                gone.append(citation)
                fates.append("gone")
                continue
            now = f"{document} {here.new.id}"
            found.append(now)
            if any(_says_something_else(pair) for pair in pairs):
                changed.append(now)
                fates.append("reworded")
        return Carried(tuple(found), min(fates, key=_GRAVER.index, default="same"), tuple(changed), tuple(gone))

    def to_account_for(self, cited: Iterable[str]) -> list[str]:
        """Clauses of the new texts that are new or say something else, and that nothing cites."""
        covered = set(cited)
        return [
            citation
            for document, pairs in self.pairs.items()
            for pair in pairs
            if pair.new is not None and (pair.old is None or _says_something_else(pair))
            for citation in [f"{document} {pair.new.id}"]
            if not any(citation == one or citation.startswith(f"{one}.") for one in covered)
        ]


def compare_versions(
    old: Mapping[Kind, Sequence[Clause]], new: Mapping[Kind, Sequence[Clause]], names: Iterable[str]
) -> Comparison:
    """Match the clauses of both documents; names, addresses and dates make no difference.

    A policy that is appended to an agreement is compared as the policy, not a second time.
    """
    folded = tuple(names)
    return Comparison(
        {document: match_clauses(old[kind], new[kind], folded) for kind, document in DOCUMENT_NAMES.items()}
    )


def match_clauses(old: Sequence[Clause], new: Sequence[Clause], names: Iterable[str]) -> list[ClausePair]:
    """The clauses of one document; a policy that is appended to an agreement is left out."""
    folded = tuple(names)

    def own(clauses: Sequence[Clause]) -> list[Clause]:
        return [one for one in clauses if not one.id.startswith(f"{APPENDED_AUP}.")]

    return compare(own(old), own(new), lambda words: fold_version(words, folded))


def _says_something_else(pair: ClausePair) -> bool:
    return pair.kind in {PairKind.REWORDED, PairKind.REMOVED} or not pair.substance_equal


def _is_in(clause_id: str, above: str) -> bool:
    return clause_id == above or clause_id.startswith(f"{above}.")
