"""The licence text beside the checks: agreement or AUP; as redline against the one approved last, or side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licences.clauses import APPENDED_AUP
from licences.document import ShownClause, shown, with_checks
from licences.kept_html import KEPT
from licences.models import LicenceText
from reviews.models import Review
from reviews.questions import FIVE_CHECKS

# As templates/_parts/_check_mark.html draws it. Words of a text are escaped, so none of them can look like this.
_MARK = re.compile(r'<a class="check-mark" href="#check-(\d)">.*?</a>', re.DOTALL)


KINDS = {"agreement": gettext_lazy("Agreement"), "aup": gettext_lazy("Acceptable use policy")}


@dataclass(frozen=True)
class Changes:
    """What changed in one document since the review that was approved last."""

    kind: str
    name: str
    clauses: tuple[ShownClause, ...]
    html: SafeString | str  # links to the clauses, where this is the document beside the checks
    url: str  # where else it stands


def texts_of(review: Review, query: Mapping[str, str], answers: Mapping[int, str]) -> dict[str, Any]:
    """The document that is asked for, and how else it can be seen; what changed in both since the last approval."""
    kind = "aup" if query.get("doc") == "aup" else "agreement"
    before = review.previous
    text, against = _text(review, kind), _text(before, kind)
    view = query.get("view", "redline" if against else "clean")
    view = view if view in {"redline", "split", "clean"} and against else "clean"
    base = reverse("reviews:detail", args=[review.reference])

    def choice(label: object, chosen_kind: str, chosen_view: str) -> dict[str, Any]:
        return {
            "label": label,
            "url": f"{base}?doc={chosen_kind}&view={chosen_view}#licence",
            "current": (kind, view) == (chosen_kind, chosen_view),
        }

    changes = []
    for one, name in KINDS.items():
        new, old = _text(review, one), _text(before, one)
        if new and old:
            clauses = tuple(clause for clause in _of_both(shown(new, old)) if clause.changed)
            links = _changed_html(new, old, clauses) if one == kind else ""
            other_view = "redline" if view == "clean" else view
            changes.append(Changes(one, str(name), clauses, links, choice("", one, other_view)["url"]))
    return {
        "kind": kind,
        "text": text,
        "before": before,
        "view": view,
        "html": _document_html(text, against, view, answers) if text else None,
        "changes": changes,
        "any_changed": any(one.clauses for one in changes),
        "documents": [choice(name, one, view) for one, name in KINDS.items()],
        "views": [
            choice(label, kind, name)
            for name, label in (("redline", _("Redline")), ("split", _("Side by side")), ("clean", _("Clean")))
        ]
        if against
        else [],
    }


def _of_both(clauses: tuple[ShownClause, ...]) -> list[ShownClause]:
    """Without a policy that one agreement's file carries and the other's does not: it is compared as the policy."""
    return [one for one in clauses if not (one.kind in {"added", "removed"} and _appended(one))]


def _of_this_text(clauses: tuple[ShownClause, ...]) -> tuple[ShownClause, ...]:
    """Without a policy that only the older agreement's file carried."""
    return tuple(one for one in clauses if not (one.kind == "removed" and _appended(one)))


def _appended(clause: ShownClause) -> bool:
    return clause.id.startswith(f"LICENSE {APPENDED_AUP}.")


def _text(review: Review | None, kind: str) -> LicenceText | None:
    if review is None:
        return None
    return review.aup if kind == "aup" else review.agreement


def _document_html(text: LicenceText, against: LicenceText | None, view: str, answers: Mapping[int, str]) -> SafeString:
    """The clauses with the marks of the checks that are about them. Only the marks change with the answers."""
    older = against if view != "clean" else None
    drawn = KEPT.draw(
        "licences/_clauses.html",
        *_key(text, older),
        view,
        context=lambda: {
            "clauses": _marked(_of_this_text(shown(text, older))),
            "view": view,
            "old_label": older.version.name if older else "",
            "new_label": text.version.name,
        },
    )
    marks = {str(check.number): _mark_html(check.number, answers.get(check.number, "")) for check in FIVE_CHECKS}
    return mark_safe(_MARK.sub(lambda found: marks[found[1]], drawn))  # noqa: S308 - both were drawn by templates


def _mark_html(number: int, answer: str) -> str:
    drawn = KEPT.draw("_parts/_check_mark.html", number, answer, context=lambda: {"check": _mark(number, answer)})
    return drawn.strip()


def _changed_html(text: LicenceText, against: LicenceText, changed: tuple[ShownClause, ...]) -> SafeString:
    return KEPT.draw("reviews/_changed_clauses.html", *_key(text, against), context=lambda: {"clauses": changed})


def _key(text: LicenceText, against: LicenceText | None) -> tuple[str, ...]:
    """What the clauses of a comparison follow from: both texts, and the names that are no difference between them."""
    compared = [one for one in (text, against) if one is not None]
    return (text.kind, *(part for one in compared for part in (one.sha256, one.version.slug, one.version.name)))


def _marked(clauses: tuple[ShownClause, ...]) -> list[ShownClause]:
    """The clauses, each with a mark for every check that it belongs to."""
    return with_checks(
        clauses,
        {
            clause.id: tuple(
                _mark(check.number, "")
                for check in FIVE_CHECKS
                if any(_is_under(clause.id, prefix) for prefix in check.clauses)
            )
            for clause in clauses
        },
    )


def _mark(number: int, answer: str) -> dict[str, Any]:
    return {"label": _("Check %(n)s") % {"n": number}, "status": answer or "not_answered", "url": f"#check-{number}"}


def _is_under(clause_id: str, prefix: str) -> bool:
    return clause_id == prefix or clause_id.startswith(f"{prefix}.")
