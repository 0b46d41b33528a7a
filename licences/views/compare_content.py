"""Everything that a comparison shows. It follows from the choice, the catalogue and the texts alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.files.errors import DamagedFile
from licences import side_by_side
from licences.clauses import APPENDED_AUP, DOCUMENT_NAMES
from licences.comparison_summary import ChangedClause, Summary, changed_clauses, summarise
from licences.document import (
    ShownClause,
    appended_policy,
    counts,
    matched,
    matched_appended,
    names_folded,
    shown_appended,
    shown_files,
)
from licences.forms.asking import PairForm
from licences.models import TextKind
from licences.outline import UnsplittableText
from licences.queries import terms_by_digest
from licences.raw_text import RawText, raw_if_unsplittable
from licences.reading import VersionHere
from licences.redline import ClausePair, PairKind
from licences.views.compare_choice import Choice, Document, Texts, labels

Found = TypeVar("Found")
APPENDED = f"LICENSE {APPENDED_AUP}."


def content_of(choice: Choice, texts: Texts, every: Sequence[VersionHere], *, strict: bool) -> dict[str, Any]:
    """The context of the page. A text that cannot be read raises if `strict`; else the page says what is wrong."""
    reading = _Reading(choice, texts, strict)
    old_sha, new_sha = texts.shown(choice.document)
    old_label, new_label = labels(choice, texts)
    clauses, problem = reading.clauses() if old_sha and new_sha else ((), "")
    apart = _carrier(choice, clauses) if choice.document == Document.AGREEMENT else None
    left_out = sum(one.id.startswith(APPENDED) for one in clauses) if apart and not choice.letter else 0
    if left_out:
        clauses = tuple(one for one in clauses if not one.id.startswith(APPENDED))
    shown_clauses = _chosen(clauses, choice)
    terms = terms_by_digest([choice.old.digest, choice.new.digest])
    old_terms, new_terms = terms[choice.old.digest], terms[choice.new.digest]
    summary = summarise(old_terms, new_terms, {} if choice.same_version else reading.pairs())
    return {
        "choice": choice,
        "old": choice.old,
        "new": choice.new,
        "appended": choice.document == Document.APPENDED,
        "title": title_of(choice, texts),
        "document_title": str(_titles()[choice.document]),
        "old_label": old_label,
        "new_label": new_label,
        "old_sha256": old_sha,
        "new_sha256": new_sha,
        "same_file": bool(new_sha) and old_sha == new_sha,
        "released": [] if choice.same_version else [side_by_side.released(old_terms), side_by_side.released(new_terms)],
        "pair_form": PairForm(
            versions=every,
            initial={"old": choice.old.slug, "new": choice.new.slug, "doc": choice.document.value},
        ),
        "other_texts": _other_texts(choice) if choice.same_version else "",
        "summary": summary,
        "amounts": reading.amounts(summary),
        "problem": problem,
        "raw_texts": (raw_texts := reading.raw_texts()),
        "raw_tells": problem in {raw.why for _name, raw in raw_texts},
        "counts": counts(clauses),
        "some": bool(shown_clauses),
        "clauses": shown_clauses,
        "view": choice.view,
        "apart": apart,
        "left_out": left_out,
        "second_copies": reading.second_copies(),
        "switches": _switches(choice, reading),
    }


def title_of(choice: Choice, texts: Texts) -> str:
    """The heading of the page."""
    if choice.document == Document.APPENDED:
        return _("%(name)s: the policy in its two places") % {"name": choice.old.name}
    old, new = labels(choice, texts)
    return _("%(old)s to %(new)s") % {"old": old, "new": new}


class _Reading:
    """Reads the texts of one comparison."""

    def __init__(self, choice: Choice, texts: Texts, strict: bool) -> None:
        self.choice, self.texts, self.strict = choice, texts, strict
        self.names = names_folded(choice.old.slug, choice.old.name, choice.new.slug, choice.new.name)

    def clauses(self) -> tuple[tuple[ShownClause, ...], str]:
        """The document that is shown, or the sentence that says why it is not."""
        document, marks = self.choice.document, self.choice.marks
        old, new = self.texts.shown(document)
        if document == Document.APPENDED:
            found, problem = self._try(lambda: shown_appended(old, new, self.names, marks))
        else:
            found, problem = self._try(lambda: shown_files(document.value, new, old, self.names, marks))
        return found or (), problem

    def pairs(self) -> dict[str, tuple[ClausePair, ...]]:
        """The clauses of both documents, matched, as far as both texts are there and can be read."""
        found = {}
        for kind, name in DOCUMENT_NAMES.items():
            pairs = self._matched(kind)
            if pairs is not None:
                found[name] = pairs
        return found

    def amounts(self, summary: Summary) -> list[dict[str, Any]]:
        """What each document's comparison amounts to: the shown one's first, the other one's with its address."""
        documents = [Document.AGREEMENT, Document.AUP]
        if self.choice.same_version:
            documents = [self.choice.document]
        return [self._amount(one, summary) for one in sorted(documents, key=lambda one: one != self.choice.document)]

    def second_copies(self) -> list[VersionHere]:
        """Versions of this comparison whose agreement carries a copy of the policy that is shown."""
        if self.choice.document != Document.AUP:
            return []
        here = dict.fromkeys((self.choice.old, self.choice.new))
        sides = {self.choice.old: self.texts.old, self.choice.new: self.texts.new}
        return [one for one in here if self.carries_policy(sides[one][TextKind.AGREEMENT])]

    def carries_policy(self, agreement: str) -> bool:
        """Whether this agreement's file goes on with a policy."""
        found, _problem = self._try(lambda: appended_policy(agreement)) if agreement else ((), "")
        return bool(found)

    def raw_texts(self) -> list[tuple[str, RawText]]:
        """The files of this comparison that no clauses can be read from, each with what the page calls it."""
        document = self.choice.document
        kinds = ("aup", "agreement") if document == Document.APPENDED else (document.value, document.value)
        names = labels(self.choice, self.texts)
        found = {}
        for sha256, kind, name in zip(self.texts.shown(document), kinds, names, strict=True):
            raw, _problem = self._try(partial(raw_if_unsplittable, sha256, kind)) if sha256 else (None, "")
            if raw is not None:
                found[sha256] = (name, raw)
        return list(found.values())

    def _amount(self, document: Document, summary: Summary) -> dict[str, Any]:
        changed: tuple[ChangedClause, ...] | None
        renamed: list[str] = []
        name = DOCUMENT_NAMES["agreement" if document == Document.AGREEMENT else "aup"]
        if not self.choice.same_version:
            changed = summary.changed.get(name)
        else:
            pairs = self._matched("aup" if document == Document.APPENDED else document.value)
            changed = None if pairs is None else changed_clauses(name, pairs)
            renamed = [one.id for one in pairs or () if one.kind == PairKind.SAME and not one.words_equal]
        current = document == self.choice.document
        view = "redline" if self.choice.view == "clean" else self.choice.view  # a clean text shows nothing removed
        url = self.choice.url(document=document)
        page = "" if current and view == self.choice.view else self.choice.url(document=document, view=view)
        return {
            "title": str(_titles()[document]),
            "current": current,
            "url": url,
            "known": changed is not None,
            "same_words": self.choice.same_version and not renamed,
            "renamed": [
                {"id": one, "anchor": f"{name} {one}", "page": self.choice.url(letter=True)} for one in renamed
            ],
            "changed": [{"id": one.id, "did": _did(one), "anchor": one.anchor, "page": page} for one in changed or ()],
        }

    def _matched(self, kind: str) -> tuple[ClausePair, ...] | None:
        if self.choice.document == Document.APPENDED:
            old, new = self.texts.shown(Document.APPENDED)
            pairs, _problem = self._try(lambda: matched_appended(old, new, self.names)) if old and new else (None, "")
            return pairs
        old, new = self.texts.old[kind], self.texts.new[kind]
        pairs, _problem = self._try(lambda: matched(kind, old, new, self.names)) if old and new else (None, "")
        return pairs

    def _try(self, read: Callable[[], Found]) -> tuple[Found | None, str]:
        try:
            return read(), ""
        except (DamagedFile, UnsplittableText) as error:
            if self.strict:
                raise
            return None, str(error)


def _other_texts(choice: Choice) -> str:
    """Where to choose among the texts of this version."""
    doc = TextKind.AUP if choice.document == Document.AUP else TextKind.AGREEMENT
    query = urlencode({"old": choice.old.slug, "new": choice.new.slug, "doc": doc.value})
    return f"{reverse('licences:choose-comparison')}?{query}"


def _titles() -> dict[Document, str]:
    return {
        Document.AGREEMENT: _("Agreement"),
        Document.AUP: _("Acceptable use policy"),
        Document.APPENDED: _("Policy in the agreement's file"),
    }


def _carrier(choice: Choice, clauses: Sequence[ShownClause]) -> VersionHere | None:
    """The version whose agreement goes on with a policy, where the other one's does not."""
    kinds = {one.kind for one in clauses if one.id.startswith(APPENDED)}
    return {frozenset({"added"}): choice.new, frozenset({"removed"}): choice.old}.get(frozenset(kinds))


def _chosen(clauses: Sequence[ShownClause], choice: Choice) -> list[ShownClause]:
    clean = choice.view == "clean"
    return [
        clause if clean else replace(clause, remark=_remark(clause, choice))
        for clause in clauses
        if (clause.changed or not choice.changed_only) and not (clean and clause.kind == "removed")
    ]


def _remark(clause: ShownClause, choice: Choice) -> str:
    """What happened to the clause, in a few words."""
    if clause.kind == "moved":
        words = _("moved and reworded, was %(number)s") if clause.reworded else _("moved, was %(number)s")
        return words % {"number": clause.old_number}
    if clause.renamed and choice.letter:
        return _("same apart from names, addresses, dates and signs")
    if clause.renamed:
        return _("same apart from names, addresses and dates")
    return {"added": _("added"), "removed": _("removed"), "reworded": _("reworded")}.get(clause.kind, "")


def _did(one: ChangedClause) -> str:
    """What happened to a clause, behind its number."""
    if one.kind == PairKind.MOVED:
        words = _("moved from %(number)s and reworded") if one.reworded else _("moved from %(number)s")
        return words % {"number": one.was}
    return {PairKind.ADDED: _("added"), PairKind.REMOVED: _("removed")}.get(one.kind, _("reworded"))


def _switches(choice: Choice, reading: _Reading) -> list[dict[str, Any]]:
    """The links that show the same comparison in another way."""
    titles = {
        Document.AGREEMENT: _("Agreement"),
        Document.AUP: _("Policy"),
        Document.APPENDED: _("Policy, both copies"),
    }
    documents = [Document.AGREEMENT, Document.AUP]
    if choice.same_version and reading.carries_policy(reading.texts.new[TextKind.AGREEMENT]):
        documents.append(Document.APPENDED)
    views = {"redline": _("Redline"), "split": _("Side by side"), "clean": _("Clean")}
    only = {False: _("All clauses"), True: _("Changed only")}
    marks = {False: _("Substance"), True: _("Letter")}
    found: list[tuple[str, list[tuple[str, dict[str, Any], bool]]]] = [
        (_("Document"), [(titles[one], {"document": one}, one == choice.document) for one in documents]),
        (_("View"), [(label, {"view": one}, one == choice.view) for one, label in views.items()]),
        (_("Clauses"), [(label, {"changed_only": one}, one == choice.changed_only) for one, label in only.items()]),
        (_("Differences"), [(label, {"letter": one}, one == choice.letter) for one, label in marks.items()]),
    ]
    return [
        {
            "label": label,
            "views": [
                {"label": words, "url": choice.url(**change), "current": is_it} for words, change, is_it in links
            ],
        }
        for label, links in found
    ]
