"""Reads of the licence base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.reads import Read
from licences.added_versions import may_say_more, read_again
from licences.model_names import RELEASED_SIZES, Proposal, Status, propose
from licences.models import DraftState, LicenceText, LlamaVersion, ModelAlias, TextKind, VersionDraft
from licences.policies import may_decide_texts, may_publish
from licences.terms import Terms, terms_from_mapping

_parsed: dict[str, Terms] = {}
_CHOICES = Read(
    lambda slug, name: (slug, name), lambda: LlamaVersion.objects.order_by("position").values_list("slug", "name")
)


def terms_for(version: LlamaVersion) -> Terms:
    """The terms of this version, as the catalogue states them. Parsed once per digest of the catalogue."""
    found = _parsed.get(version.catalogue_digest)
    if found is None:
        found = _parsed[version.catalogue_digest] = terms_from_mapping(version.catalogue, version.slug)
    return found


def terms_by_digest(digests: Iterable[str]) -> dict[str, Terms]:
    """The terms of versions by the digest of their catalogue entry; a query only where one was not parsed yet."""
    wanted = set(digests)
    if unparsed := wanted - _parsed.keys():
        for version in LlamaVersion.objects.filter(catalogue_digest__in=unparsed):
            terms_for(version)
    return {digest: _parsed[digest] for digest in wanted}


def versions() -> list[LlamaVersion]:
    """Every version, oldest first."""
    return list(LlamaVersion.objects.all())


def version_choices() -> tuple[tuple[str, str], ...]:
    """Slug and name of every version, oldest first, for the filter of a list."""
    return tuple(_CHOICES())


def version_names() -> dict[str, str]:
    """The names of every version by slug: what people read where a fact holds the slug."""
    return dict(_CHOICES())


def later_versions() -> list[Terms]:
    """The versions that the catalogue has and the rules for names do not know."""
    return [terms_for(version) for version in LlamaVersion.objects.exclude(slug__in=RELEASED_SIZES)]


def named_by_rules(raw_id: str, later: Sequence[Terms] | None = None) -> Proposal:
    """What a model id points to by the rules alone, and by what the catalogue says of later versions.

    Whoever asks for many names hands these over, as later_versions() gives them.
    """
    said = propose(raw_id)
    if not may_say_more(said):
        return said
    return read_again(said, later_versions() if later is None else later)


def proposal_for(raw_id: str) -> Proposal:
    """What a model id points to: by the rules, else by what somebody of this company confirmed for it before.

    A confirmation is a proposal for the next product, with who gave it; that one's owner confirms again.
    """
    said = named_by_rules(raw_id)
    if said.status == Status.RESOLVED:
        return said
    alias = (
        ModelAlias.objects.select_related("version", "confirmed_by").filter(raw_id=ModelAlias.key_of(raw_id)).first()
    )
    if alias is None:
        return said
    words = _("%(person)s confirmed %(version)s for this id on %(day)s. The rules alone say: %(rules)s")
    return replace(
        said,
        status=Status.RESOLVED,
        versions=(alias.version.slug,),
        rule="confirmed-here",
        confidence="medium",
        explanation=words
        % {
            "person": alias.confirmed_by.name,
            "version": alias.version.name,
            "day": date_format(alias.confirmed_at, "j M Y"),
            "rules": said.explanation,
        },
    )


def current_text(version: LlamaVersion, kind: TextKind) -> LicenceText | None:
    """The accepted revision that new reviews rely on; None when none was imported."""
    texts = LicenceText.objects.filter(version=version, kind=kind, is_current=True)
    return texts.select_related("version").defer("version__catalogue").first()


def current_texts() -> dict[tuple[int, str], LicenceText]:
    """The current texts of every version, by version key and kind, in one query."""
    texts = LicenceText.objects.filter(is_current=True).select_related("version").defer("version__catalogue")
    return {(text.version_id, text.kind): text for text in texts}


def waiting_texts() -> dict[int, int]:
    """How many texts wait for a lawyer, by version key."""
    counts: dict[int, int] = {}
    for key in LicenceText.objects.filter(standing="candidate").values_list("version_id", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts


def versions_with_candidates(slugs: Iterable[str]) -> set[str]:
    """Which of these versions have a text that waits for a lawyer."""
    waiting = LicenceText.objects.filter(version__slug__in=list(slugs), standing="candidate").order_by()
    return set(waiting.values_list("version__slug", flat=True))


def open_drafts() -> list[VersionDraft]:
    """The versions that somebody prepares, or that wait for a second person."""
    return list(VersionDraft.objects.filter(state__in=["open", "submitted"]))


def drafts_for(person: User) -> tuple[list[VersionDraft], list[VersionDraft]]:
    """The drafts that wait for this person to publish them, and those that they still prepare. Others have none."""
    drafts = open_drafts() if may_decide_texts(person) else []
    to_publish = [one for one in drafts if one.state == DraftState.SUBMITTED and may_publish(person, one)]
    return to_publish, [one for one in drafts if one.state == DraftState.OPEN and person.pk in one.authors]


def citations_without_clause(text: LicenceText) -> list[str]:
    """What the terms of its version cite of this document and it has no clause for; none where it cannot be split."""
    there = {f"{text.document} {clause_id}" for clause_id in text.clauses.values_list("clause_id", flat=True)}
    terms = terms_for(text.version)
    cited = [one for duty in terms.obligations for one in duty.clauses] + [item.clause for item in terms.aup_items]
    wanted = dict.fromkeys(one for one in cited if one.startswith(f"{text.document} "))
    return [one for one in wanted if one not in there] if there else []
