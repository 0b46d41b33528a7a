"""Prepare a new Llama version in the browser: two texts, each part confirmed, and a second person who publishes."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from foundation.accounts.actors import actor_for
from foundation.accounts.models import User
from foundation.accounts.policy import require
from foundation.audit.kinds import Kind as EventKind
from foundation.audit.recorder import record
from foundation.files import store
from foundation.files.uploads import TEXT
from licences import clauses
from licences.actions.import_text import LARGEST_TEXT, import_text
from licences.actions.sync_catalogue import add_version
from licences.catalogue_reader import CatalogueError
from licences.draft_texts import citations_lost, in_order_of_policy
from licences.drafts import MODELS, comparison_of, open_questions, parts_of, problems_left, problems_of, words_cited
from licences.errors import LicenceError
from licences.facts_fields import UNKNOWN
from licences.models import DraftState, LlamaVersion, TextKind, VersionDraft
from licences.normalise import UnreadableText, words_digest
from licences.obligation_kinds import OBLIGATION_KINDS, OTHER
from licences.outline import UnsplittableText
from licences.policies import may_decide_texts, may_publish
from licences.queries import terms_for
from licences.said_values import users_in, with_month, with_number
from licences.terms import SLUG, document_of, terms_from_mapping
from licences.words import OBLIGATION_TITLES

CONFIRMED, EDITED, ADDED, LEFT_OUT, NO_DUTY = "confirmed", "edited", "added", "left_out", "no_duty"


def start_draft(
    *,
    based_on: LlamaVersion,
    name: str,
    title: str,
    released_on: date,
    date_kind: str,
    agreement: bytes,
    aup: bytes,
    sources: Mapping[str, Mapping[str, str]],
    by: User,
) -> VersionDraft:
    """Begin a version from the nearest one: everything is carried over as a proposal, and nothing counts yet.

    `sources` holds for "agreement" and "aup" the addresses "raw" and "web".
    """
    require(may_decide_texts(by))
    slug = slugify(name.replace(".", "-dot-")).replace("-dot-", ".")
    if not slug:
        raise LicenceError(_("Give the version a name with letters or numbers, such as Llama 5."), field="name")
    if not SLUG.match(slug):
        raise LicenceError(_("Begin the name with Llama and a number, such as Llama 5."), field="name")
    if LlamaVersion.objects.filter(slug=slug).exists():
        here = _("%(name)s is here already. Add a revision of its texts on its page.")
        raise LicenceError(here % {"name": name}, field="name")
    if _drafts_of(slug).exists():
        prepared = _("Somebody prepares %(name)s already. Go on with that draft.")
        raise LicenceError(prepared % {"name": name}, field="name")
    digests = {kind: _digests(kind, data) for kind, data in (("agreement", agreement), ("aup", aup))}
    document = document_of(terms_for(based_on))
    document |= {
        "slug": slug,
        "name": name,
        "defined_name": name,
        "title": title,
        "date": released_on.isoformat(),
        "date_kind": date_kind,
        "eu_note": "",
        "notes": [],
        # Which models it has, and which of them are multimodal, no other version says.
        "models": {
            "sizes": [],
            "multimodal": [],
            "as_of": released_on.isoformat(),
            "multimodal_marks": [],
            "text_marks": [],
            "otherwise": UNKNOWN,
        },
        "addresses": {kind: dict(one) for kind, one in sources.items()},
        "text": [
            {
                "kind": kind,
                "standing": "primary",
                "sha256": sha256,
                "words": words,
                "source": sources[kind]["raw"],
                "commit": "",
                "date": released_on.isoformat(),
                "label": "uploaded and confirmed here; compared with no copy of Meta",
            }
            for kind, (sha256, words) in digests.items()
        ],
    }
    with transaction.atomic():
        draft = VersionDraft(
            based_on=based_on,
            document=document,
            agreement=store.put(agreement, TEXT),
            aup=store.put(aup, TEXT),
            started_by=by,
            started_at=timezone.now(),
        )
        _carry_clauses_over(draft)
        _name_the_new_version(draft, released_on)
        draft.save()
        _record(draft, by, "started")
    return draft


def confirm_parts(*, draft: VersionDraft, parts: Iterable[str], by: User) -> VersionDraft:
    """These duties and items carry over as they stand in the draft. Refused where their clauses are gone."""
    with transaction.atomic():
        draft = _lock(draft, by)
        known = {one.key: one for one in parts_of(draft)}
        for part in parts:
            if part not in known:
                raise LicenceError(_("The draft has no part “%(part)s”. Reload the page.") % {"part": part})
            if lost := known[part].lost or citations_lost(draft, known[part].clauses):
                raise LicenceError(
                    _(
                        "“%(part)s” rests on words that the new texts do not have any more (%(lost)s). Leave it out, "
                        "or change it and give the clause that says it now."
                    )
                    % {"part": part, "lost": ", ".join(lost)}
                )
            _refuse_problems(draft, known[part].row)
            _decide(draft, part, CONFIRMED, by)
        _save(draft, by, "confirmed")
    return draft


def edit_part(*, draft: VersionDraft, part: str, values: Mapping[str, Any], by: User) -> VersionDraft:
    """A duty or an item says something else in this version."""
    with transaction.atomic():
        draft = _lock(draft, by)
        row = _row(draft, part)
        row |= {key: value for key, value in values.items() if key in row}
        _refuse_twice(draft, row)
        _refuse_problems(draft, row)
        _refuse_unreadable(draft)
        _decide(draft, f"item:{row['id']}" if part.startswith("item:") else part, EDITED, by)
        _save(draft, by, "edited")
    return draft


def leave_out(*, draft: VersionDraft, part: str, by: User) -> VersionDraft:
    """This version has no such duty or item. What the rules need of every version cannot be left out."""
    with transaction.atomic():
        draft = _lock(draft, by)
        if part == MODELS:
            raise LicenceError(_("A version has models. Say which, or that it is not known yet."))
        row, rows = _row(draft, part), _rows(draft, part)
        if "kind" in row and OBLIGATION_KINDS[row["kind"]].required:
            raise LicenceError(
                _(
                    "Every version so far has “%(part)s”, and the rules read it. Change it and give the clause that "
                    "says it now. Where the new texts really have none, the draft has to wait: a rule comes first."
                )
                % {"part": OBLIGATION_TITLES[row["kind"]]}
            )
        rows.remove(row)
        _refuse_unreadable(draft)
        _decide(draft, part, LEFT_OUT, by)
        _save(draft, by, "left_out")
    return draft


def add_part(*, draft: VersionDraft, values: Mapping[str, Any], by: User) -> VersionDraft:
    """A duty, or with an "id" an item of the policy, that the nearest version does not have."""
    with transaction.atomic():
        draft = _lock(draft, by)
        name = "aup_item" if "id" in values else "obligation"
        row = dict(values)
        if name == "obligation" and not row.get("key"):
            row["key"] = _free_key(draft, str(row["kind"]))
        draft.document[name].append(row)
        _refuse_twice(draft, row)
        _refuse_problems(draft, row)
        _refuse_unreadable(draft)
        draft.document["aup_item"] = in_order_of_policy(draft, draft.document["aup_item"])
        _decide(draft, f"item:{row['id']}" if name == "aup_item" else str(row["key"]), ADDED, by)
        _save(draft, by, "added")
    return draft


def account_for(*, draft: VersionDraft, clause: str, by: User) -> VersionDraft:
    """A lawyer read this new or changed clause: no duty follows from it that the draft lacks."""
    with transaction.atomic():
        draft = _lock(draft, by)
        _decide(draft, f"clause:{clause}", NO_DUTY, by)
        _save(draft, by, "accounted")
    return draft


def submit_draft(*, draft: VersionDraft, by: User) -> VersionDraft:
    """Everything is decided: a second person may publish."""
    with transaction.atomic():
        draft = _lock(draft, by)
        left = open_questions(draft)
        if left:
            raise LicenceError(
                _("Not everything is decided yet: %(left)s.")
                % {"left": ", ".join(left[:8]) + (" …" if left[8:] else "")}
            )
        _refuse_unreadable(draft)
        if problems := problems_left(draft):
            raise LicenceError(" ".join(problems))
        draft.state, draft.submitted_at = DraftState.SUBMITTED, timezone.now()
        draft.save()
        _record(draft, by, "submitted")
    return draft


def publish_draft(*, draft: VersionDraft, by: User) -> LlamaVersion:
    """The version counts from now: its terms and its texts, in one transaction. Nobody publishes what they prepared."""
    with transaction.atomic():
        draft = _locked(draft)
        require(may_publish(by, draft))
        if draft.state != DraftState.SUBMITTED:
            raise LicenceError(_("This draft does not wait to be published. Reload the page to see what it is now."))
        if open_questions(draft):
            raise LicenceError(_("Something of the draft is open again. Whoever prepared it has to look."))
        if problems := problems_left(draft):
            raise LicenceError(_("Send it back: %(problems)s") % {"problems": " ".join(problems)})
        terms = _terms(draft)
        version = add_version(terms=terms, by=actor_for(by))
        for kind, blob, source in (
            (TextKind.AGREEMENT, draft.agreement_id, terms.agreement.raw),
            (TextKind.AUP, draft.aup_id, terms.aup.raw),
        ):
            import_text(
                version=version, kind=kind, data=store.read(str(blob)), source=source, imported_by=actor_for(by)
            )
        draft.state, draft.published_by, draft.published_at = DraftState.PUBLISHED, by, timezone.now()
        draft.version = version
        draft.save()
        _record(draft, by, "published")
    return version


def send_back(*, draft: VersionDraft, by: User) -> VersionDraft:
    """Whoever was to publish wants something changed: the draft is open again."""
    with transaction.atomic():
        draft = _locked(draft)
        require(may_decide_texts(by))
        if draft.state != DraftState.SUBMITTED:
            raise LicenceError(_("This draft does not wait to be published. Reload the page to see what it is now."))
        draft.state, draft.submitted_at = DraftState.OPEN, None
        draft.save()
        _record(draft, by, "sent_back")
    return draft


def drop_draft(*, draft: VersionDraft, by: User) -> VersionDraft:
    """Nobody goes on with it. It stays in the base, and its name is free again."""
    with transaction.atomic():
        draft = _locked(draft)
        require(may_decide_texts(by))
        if not draft.is_open:
            raise LicenceError(_("This draft is closed already."))
        draft.state = DraftState.DROPPED
        draft.save()
        _record(draft, by, "dropped")
    return draft


# --- parts ----------------------------------------------------------------------------------------------------
def _rows(draft: VersionDraft, part: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = draft.document["aup_item" if part.startswith("item:") else "obligation"]
    return rows


def _row(draft: VersionDraft, part: str) -> dict[str, Any]:
    if part == MODELS:
        models: dict[str, Any] = draft.document["models"]
        return models
    name, key = ("id", part.removeprefix("item:")) if part.startswith("item:") else ("key", part)
    found = next((one for one in _rows(draft, part) if one[name] == key), None)
    if found is None:
        raise LicenceError(_("The draft has no part “%(part)s”. Reload the page.") % {"part": part})
    return found


def _free_key(draft: VersionDraft, kind: str) -> str:
    taken = {one["key"] for one in draft.document["obligation"]}
    keys = (kind, *(f"{kind}-{number}" for number in range(2, 100)))
    return next(key for key in keys if key not in taken)


def _carry_clauses_over(draft: VersionDraft) -> None:
    """Clauses are cited as the new text counts them. Duties whose clauses are gone keep the old citation until somebody
    decides; items that are gone are not carried over (drafts.items_gone), for their number may be another's now."""
    comparison = comparison_of(draft)
    for duty in draft.document["obligation"]:
        duty["clauses"] = list(comparison.carry(duty["clauses"]).clauses) or duty["clauses"]
    carried = []
    for item in draft.document["aup_item"]:
        if now := comparison.carry([f"AUP {item['id']}"]).clauses:
            carried.append({**item, "id": now[0].removeprefix("AUP ")})
    draft.document["aup_item"] = in_order_of_policy(draft, carried)


def _name_the_new_version(draft: VersionDraft, released_on: date) -> None:
    """Texts to display or to ship name their version, and the users test its own month and number."""
    old = re.compile(rf"(?<!\w){re.escape(draft.based_on.name)}(?![\w]|\.\d)")
    for duty in draft.document["obligation"]:
        duty["summary"] = old.sub(draft.name, duty["summary"])
        duty["parameters"] = {name: old.sub(draft.name, value) for name, value in duty["parameters"].items()}
    for item in draft.document["aup_item"]:
        item["subject"] = old.sub(draft.name, item["subject"])
    _set_the_users_test(draft, released_on)


def _set_the_users_test(draft: VersionDraft, released_on: date) -> None:
    """The month is the one before the date; the number is that of the new clause, where it names exactly one.

    Summaries follow, so that nothing of the older test is left in what somebody confirms.
    """
    mau = next(one for one in draft.document["obligation"] if one["kind"] == "mau")
    old_month, old_users = mau["parameters"]["month"], int(mau["parameters"]["threshold"])
    month = (released_on.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    named = {number for words in words_cited(draft, mau["clauses"]) for number in users_in(words)}
    users = named.pop() if len(named) == 1 else old_users
    mau["parameters"] |= {"month": month, "threshold": str(users)}
    for duty in draft.document["obligation"]:
        if duty["kind"] in {"mau", "mau-exception"}:
            duty["summary"] = with_number(with_month(duty["summary"], old_month, month), old_users, users)


# --- rows -----------------------------------------------------------------------------------------------------
def _drafts_of(slug: str) -> Any:
    return VersionDraft.objects.filter(document__slug=slug, state__in=[DraftState.OPEN, DraftState.SUBMITTED])


def _locked(draft: VersionDraft) -> VersionDraft:
    return VersionDraft.objects.select_for_update(of=("self",), no_key=True).select_related("based_on").get(pk=draft.pk)


def _lock(draft: VersionDraft, by: User) -> VersionDraft:
    require(may_decide_texts(by))
    draft = _locked(draft)
    if draft.state != DraftState.OPEN:
        raise LicenceError(_("This draft is not being prepared any more. Reload the page to see what it is now."))
    draft.document, draft.decided = copy.deepcopy(draft.document), dict(draft.decided)
    return draft


def _decide(draft: VersionDraft, part: str, how: str, by: User) -> None:
    draft.decided[part] = {"how": how, "by": by.pk}


def _save(draft: VersionDraft, by: User, what: str) -> None:
    draft.save(update_fields=["document", "decided"])
    _record(draft, by, what)


def _terms(draft: VersionDraft) -> Any:
    try:
        return terms_from_mapping(draft.document, draft.name)
    except CatalogueError as error:
        raise LicenceError(str(error)) from error


def _refuse_unreadable(draft: VersionDraft) -> None:
    _terms(draft)


def _refuse_problems(draft: VersionDraft, row: Mapping[str, Any]) -> None:
    """What a part cites and what the rules would hand out has to stand in the draft's texts."""
    if problems := problems_of(draft, row):
        raise LicenceError(" ".join(one.text for one in problems))


def _refuse_twice(draft: VersionDraft, row: Mapping[str, Any]) -> None:
    """A draft has an item, and a duty of each kind but that of its own terms, once."""
    if "id" in row and [one["id"] for one in draft.document["aup_item"]].count(row["id"]) > 1:
        raise LicenceError(
            _("The draft has the item %(item)s already. Change that one.") % {"item": row["id"]}, field="id"
        )
    kinds = [one["kind"] for one in draft.document["obligation"]]
    if row.get("kind") not in {None, OTHER} and kinds.count(row["kind"]) > 1:
        raise LicenceError(
            _("The draft has “%(part)s” already. Change that part, and give it all its clauses.")
            % {"part": OBLIGATION_TITLES[row["kind"]]}
        )


def _digests(kind: str, data: bytes) -> tuple[str, str]:
    """SHA-256 of the bytes and digest of the words; a text that cannot be split cannot begin a version."""
    if len(data) > LARGEST_TEXT:
        raise LicenceError(
            _("A file has more than 1 MB, so it is no licence text. Add the plain text or Markdown file."), field=kind
        )
    try:
        clauses.split(data, "agreement" if kind == "agreement" else "aup")
        return hashlib.sha256(data).hexdigest(), words_digest(data)
    except (UnreadableText, UnsplittableText) as error:
        document = _("agreement") if kind == "agreement" else _("acceptable use policy")
        said = _("The %(document)s: %(why)s") % {"document": document, "why": error}
        raise LicenceError(said, field=kind) from error


def _record(draft: VersionDraft, by: User, what: str) -> None:
    record(
        EventKind.LICENCE_VERSION_ADDED if what == "published" else EventKind.LICENCE_DRAFT_CHANGED,
        actor=actor_for(by),
        subject=draft.slug,
        facts={
            "draft": str(draft.code),
            "version": draft.name,
            "what": what,
            "based_on": draft.based_on.slug,
            "agreement_sha256": str(draft.agreement_id),
            "aup_sha256": str(draft.aup_id),
            "prepared_by": sorted(User.reference_of(key) for key in draft.authors),
        },
    )
