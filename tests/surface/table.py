"""Every address of the portal, and what each person meets there.

One line per person and method would be a thousand lines, so a row writes one letter per person, in this order:

    -  nobody has signed in       O  Olive owns the product     S  Sam, of another team      C  Cleo, without a role
    R  Rita reviews               L  Leo approves for legal     P  Petra answers for attribution
    K  Ravi owns risk             A  Anna audits                D  Adam administers
    E  Edda holds every role for the whole company, and has edited the facts: so she may sign nothing

The letters of what they meet:

    o  200, a page or a form that says what is wrong      >  302, done        s  302 to the sign-in
    4  404, as if it were not there     3  403, with the reason     5  405, the page takes no such request
    2  422, refused with a sentence     9  409, overtaken           b  400     u  401

`other` is the same thing of Sam's team: Olive meets there what Sam meets at Olive's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from foundation.audit.models import Checkpoint
from tests.journeys import MODEL
from tests.surface import forms
from tests.surface.forms import Form, fixed
from tests.surface.world import World

Arguments = Callable[[World], tuple[Any, ...]]


@dataclass(frozen=True)
class Row:
    """One address in one situation."""

    name: str
    get: str
    post: str
    at: Arguments = lambda world: ()
    data: Form = forms.NOTHING
    other: Arguments | None = None
    query: str = ""
    note: str = ""
    reason: str = ""  # why an address of another library is met as it is


def _of(part: str, *more: str | int) -> dict[str, Any]:
    """The arguments for Olive's thing and for Sam's: `facts.product` names an object, which gives its reference."""
    theirs = {"facts": "sams", "review": "sams", "condition": "sams_condition", "duty": "sams_duty"}
    head, _, tail = part.partition(".")

    def pick(world: World, first: str) -> tuple[Any, ...]:
        found = getattr(world, first)
        return ((getattr(found, tail) if tail else found).reference, *more)

    both: dict[str, Any] = {"at": lambda world: pick(world, head)}
    if head in theirs:
        both["other"] = lambda world: pick(world, theirs[head])
    return both


PRODUCT = _of("facts.product")
COMPONENT = _of("facts.component")
SHEET = _of("facts.sheet")
ENTITY = _of("facts.inc")
PERSON: dict[str, Any] = {"at": lambda world: (world.cast.petra.reference,)}
VERSION: dict[str, Any] = {"at": lambda world: ("llama-3.1",)}
CANDIDATE: dict[str, Any] = {"at": lambda world: ("llama-3.1", world.candidate.sha256)}
DRAFT: dict[str, Any] = {"at": lambda world: (world.draft.code,)}
REASON = fixed(reason="Because of this.")

ROWS = [
    # --- portal: pages that join rooms
    Row("portal:home", "soooooooooo", "s5555555555"),
    Row("portal:portfolio", "soooooooooo", "s5555555555"),
    Row("portal:portfolio", "soooooooooo", "s5555555555", query="format=csv"),
    Row("portal:product", "so44ooooooo", "s5555555555", **PRODUCT),
    Row(
        "portal:choose-model",
        "so44333333o",
        "s>44333333>",
        **COMPONENT,
        data=fixed(model_id=MODEL, version="llama-3.1", action="confirm"),
    ),
    Row("portal:declare", "so44333333o", "s>44333333>", **SHEET, data=forms.declaration),
    Row("portal:record-rollout", "so44333333o", "s>44333333>", **COMPONENT, data=forms.rollout),
    Row("portal:audit-log", "s333oo33ooo", "s5555555555"),
    Row(
        "portal:audit-checkpoint",
        "s3333333ooo",
        "s5555555555",
        at=lambda w: (Checkpoint.objects.order_by("size").values_list("size", flat=True)[0],),
    ),
    Row("portal:jobs", "s33333333oo", "s5555555555"),
    Row("portal:retry-job", "s5555555555", "s33333333>>", at=lambda w: (w.dead_job.pk,)),
    Row("portal:retry-job", "s5555555555", "s33333333>>", at=lambda w: (w.queued_job.pk,)),
    Row("portal:search", "soooooooooo", "s5555555555", query="q=Order"),
    Row("portal:theme", "55555555555", ">>>>>>>>>>>", data=fixed(theme="dark", next="/")),
    Row("portal:style", "44444444444", "44444444444"),
    Row("portal:healthz", "ooooooooooo", "55555555555"),
    Row("portal:readyz", "ooooooooooo", "55555555555"),
    # --- deployments
    Row("deployments:product-list", "soooooooooo", "55555555555"),
    Row("deployments:product-csv", "soooooooooo", "55555555555"),
    Row("deployments:register", "soo3333333o", "s>23333333>", data=lambda w, who: {"name": "New", "team": w.team.pk}),
    Row(
        "deployments:copy",
        "so44333333o",
        "s>44333333>",
        **PRODUCT,
        data=lambda w, who: {"name": "New", "team": w.team.pk},
    ),
    Row("deployments:registration", "so44ooooooo", "55555555555", **PRODUCT),
    Row("deployments:duties", "so44ooooooo", "55555555555", **PRODUCT),
    Row("deployments:rename", "so44333333o", "s>44333333>", **PRODUCT, data=fixed(name="Another name")),
    Row("deployments:hand-over", "so4433333oo", "s>4433333>>", **PRODUCT, data=lambda w, who: {"owner": w.edda.pk}),
    Row(
        "deployments:entity-role",
        "so44333333o",
        "s>44333333>",
        **PRODUCT,
        data=lambda w, who: {"entity": w.facts.bv.pk, "role": "operator"},
    ),
    Row(
        "deployments:entity-role-remove",
        "so44333333o",
        "s2443333332",
        at=lambda w: (w.facts.product.reference, w.facts.inc.reference, "licensee"),
        other=lambda w: (w.sams.product.reference, w.facts.inc.reference, "licensee"),
    ),
    Row("deployments:component-add", "so44333333o", "s>44333333>", **PRODUCT, data=fixed(name="Safeguard")),
    Row(
        "deployments:environment-add",
        "so44333333o",
        "s>44333333>",
        **PRODUCT,
        data=fixed(name="Production EU", is_production="on", gate_mode="enforce"),
    ),
    Row(
        "deployments:environment-add",
        "so44333333o",
        "s344333333>",
        **PRODUCT,
        data=fixed(name="Production EU", is_production="on", gate_mode="observe"),
    ),
    Row("portal:retire", "so44333333o", "s>44333333>", **PRODUCT, data=fixed(reason="Done.", confirm="on")),
    Row(
        "deployments:gate-mode",
        "so4433333oo",
        "s34433333>>",
        **_of("facts.production"),
        data=fixed(gate_mode="observe", reason="Trial"),
    ),
    Row("deployments:component-model", "so44333333o", "s>44333333>", **COMPONENT, data=fixed(model_id=MODEL)),
    Row(
        "deployments:sighting",
        "so44ooo333o",
        "s>44>>>333>",
        **COMPONENT,
        data=lambda w, who: {"observed_on": forms.today(), "seen": "yes", "text": "Built with Llama"},
    ),
    Row(
        "deployments:current-users",
        "so44ooo333o",
        "s>44>>>333>",
        **COMPONENT,
        data=lambda w, who: {"observed_on": forms.today(), "figure": "12"},
    ),
    Row("deployments:register-model", "s>44>>>>>>>", "55555555555", **SHEET),
    Row(
        "deployments:question",
        "so44333333o",
        "s>44333333>",
        **_of("facts.sheet", "product", "purpose"),
        data=fixed(answer="Something else."),
    ),
    Row("deployments:question", "s4444444444", "s4444444444", **_of("facts.sheet", "product", "no-such-question")),
    Row(
        "deployments:question",
        "so4433o333o",
        "s>4433>333>",
        **_of("facts.sheet", "model", "attribution_places"),
        data=fixed(answer=["about-page"]),
    ),
    Row(
        "deployments:ask",
        "so44333333o",
        "s>44333333>",
        **_of("facts.sheet", "product", "purpose"),
        data=lambda w, who: {"asked_of": w.cast.ravi.pk},
    ),
    Row(
        "deployments:answer",
        "so4433o333o",
        "s>4433>333>",
        at=lambda w: (w.question.pk,),
        other=lambda w: (w.sams_question.pk,),
        data=fixed(answer=["dangers-in-product"]),
    ),
    Row("deployments:entity-list", "s333ooooooo", "55555555555"),
    Row(
        "deployments:entity-add",
        "s333oo333oo",
        "s333>>333>>",
        data=fixed(name="Norrbro AS", kind="company", country="NO"),
    ),
    Row("deployments:entity", "s333ooooooo", "55555555555", **ENTITY),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s333>>333>>",
        **_of("facts.inc", "kind"),
        data=fixed(kind="public-body", basis="The statutes"),
    ),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s333>>333>>",
        **_of("facts.inc", "place"),
        data=lambda w, who: {"country": "NL", "effective_on": forms.today(), "basis": "Moved"},
    ),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s333>>333>>",
        **_of("facts.inc", "affiliation"),
        data=lambda w, who: {"affiliate": w.facts.bv.pk, "starts_on": forms.today()},
    ),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s333>>333>>",
        **_of("facts.inc", "mau"),
        data=fixed(month="2024-06", figure="1", counted_how="x", source="x"),
    ),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s333>>333>>",
        **_of("facts.inc", "acceptance"),
        data=forms.acceptance,
    ),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s333>>333>>",
        **_of("facts.inc", "litigation"),
        data=lambda w, who: {"answer": "no", "as_of": forms.today()},
    ),
    Row(
        "deployments:entity-record",
        "s333oo333oo",
        "s3332233322",
        **_of("facts.inc", "permission"),
        data=lambda w, who: {
            "kind": "meta_grant",
            "name": "Letter",
            "covers": ["mau"],
            "scope": "All",
            "granted_on": forms.today(),
        },
    ),
    Row(
        "deployments:affiliation-end",
        "s333oo333oo",
        "s333>>333>>",
        at=lambda w: (w.facts.inc.reference, w.affiliation),
        data=lambda w, who: {"ends_on": forms.today()},
    ),
    Row("deployments:stop-duty-list", "soooooooooo", "55555555555"),
    Row("deployments:stop-duty", "so44ooooooo", "55555555555", **_of("duty")),
    Row(
        "deployments:stop-item", "so44333333o", "s>44333333>", **_of("duty", "cease"), data=fixed(note="Switched off.")
    ),
    # --- documents that people uploaded
    Row(
        "deployments:acceptance-document",
        "s333ooooooo",
        "s5555555555",
        at=lambda w: (w.facts.bv.reference, w.acceptance),
    ),
    Row(
        "deployments:permission-document",
        "s333ooooooo",
        "s5555555555",
        at=lambda w: (w.facts.bv.reference, w.permission),
    ),
    Row(
        "deployments:sighting-document",
        "so44ooooooo",
        "s5555555555",
        at=lambda w: (w.facts.product.reference, w.sighting),
        other=lambda w: (w.sams.product.reference, w.sams_sighting),
    ),
    Row("deployments:stop-item-document", "so44ooooooo", "s5555555555", at=lambda w: (w.duty.reference, "backups")),
    Row("deployments:stop-item-document", "s4444444444", "s5555555555", at=lambda w: (w.duty.reference, "delete")),
    Row("reviews:condition-document", "so44ooooooo", "s5555555555", **_of("documented")),
    # --- reviews
    Row("reviews:list", "soooooooooo", "s5555555555"),
    Row("reviews:impact-list", "soooooooooo", "s5555555555"),
    Row("reviews:impact", "soooooooooo", "s5555555555", at=lambda world: (world.impact,)),
    Row("reviews:conditions", "soooooooooo", "s5555555555"),
    Row("reviews:condition", "so44ooooooo", "s344>>>333>", **_of("condition"), data=fixed(note="It is shown.")),
    Row(
        "reviews:condition",
        "so44ooooooo",
        "s344>>>333>",
        **_of("condition"),
        data=fixed(note="It is gone.", action="broken"),
    ),
    Row("reviews:detail", "so44ooooooo", "s5555555555", **_of("review.review")),
    Row(
        "reviews:answer-check",
        "s5555555555",
        "s344>333333",
        **_of("review.review", 1),
        data=fixed(**{"check1-answer": "met", "check1-reasoning": "Seen anew."}),
    ),
    Row("reviews:set-scope", "s5555555555", "s344>>3333>", **_of("review.review"), data=forms.scope),
    Row(
        "reviews:add-condition",
        "s5555555555",
        "s344>>3333>",
        **_of("review.review"),
        data=lambda w, who: {"kind": "continuous", "text": "Watch it.", "owner": w.cast.petra.pk},
    ),
    Row(
        "reviews:drop-condition",
        "s5555555555",
        "s344>>3333>",
        at=lambda w: (w.review.review.reference, w.condition.reference),
        other=lambda w: (w.sams.review.reference, w.sams_condition.reference),
    ),
    Row(
        "reviews:drop-condition",
        "s5555555555",
        "s4444444444",
        at=lambda w: (w.signing.review.reference, w.condition.reference),
    ),
    Row(
        "reviews:sign",
        "s344o333333",
        "s344>333333",
        **_of("review.review", "reviewer"),
        data=forms.signature(lambda w: w.review, "reviewer"),
    ),
    Row(
        "reviews:sign",
        "s3443333333",
        "s3443333333",
        **_of("review.review", "approver"),
        data=forms.signature(lambda w: w.review, "approver"),
    ),
    Row(
        "reviews:sign",
        "s34433o3333",
        "s34433>3333",
        **_of("signing.review", "attribution_owner"),
        data=forms.signature(lambda w: w.signing, "attribution_owner"),
    ),
    Row(
        "reviews:sign",
        "s344333o333",
        "s344333>333",
        **_of("signing.review", "risk_owner"),
        data=forms.signature(lambda w: w.signing, "risk_owner"),
    ),
    Row(
        "reviews:sign",
        "s3443o33333",
        "s3443>33333",
        **_of("signing.review", "approver"),
        data=forms.signature(lambda w: w.signing, "approver"),
    ),
    Row(
        "reviews:sign",
        "s3443333333",
        "s3443333333",
        **_of("signing.review", "reviewer"),
        data=forms.signature(lambda w: w.signing, "reviewer"),
    ),
    Row(
        "reviews:sign",
        "s3443333333",
        "s3443333333",
        **_of("approved.review", "approver"),
        data=forms.signature(lambda w: w.approved, "approver"),
    ),
    Row(
        "reviews:record-sighting",
        "s5555555555",
        "s>44>>>333>",
        **_of("review.review"),
        data=lambda w, who: {"text": "Built with Llama", "address": "Screen", "observed_on": forms.today()},
    ),
    Row("reviews:take-facts-again", "s5555555555", "s344>>33333", **_of("review.review")),
    Row(
        "reviews:write-message",
        "s5555555555",
        "s>44>>>>33>",
        **_of("review.review"),
        data=fixed(kind="remark", text="Hello."),
    ),
    Row(
        "reviews:write-counsel-note",
        "s5555555555",
        "s344>>3333>",
        **_of("review.review"),
        data=fixed(text="Between us."),
    ),
    Row("reviews:move", "s344oo33333", "s344>>33333", **_of("review.review", "request_changes"), data=REASON),
    Row("reviews:move", "s344oo33333", "s344>>33333", **_of("review.review", "close_not_llama"), data=REASON),
    Row("reviews:move", "s3443o33333", "s3443>33333", **_of("review.review", "reject"), data=REASON),
    Row("reviews:move", "so44333333o", "s>44333333>", **_of("review.review", "withdraw"), data=REASON),
    Row(
        "reviews:move",
        "s344oo33333",
        "s344>>33333",
        **_of("review.review", "park"),
        data=fixed(reason="Asked.", place="waiting_for_meta"),
    ),
    Row("reviews:move", "s344oo33333", "s344>>33333", **_of("parked.review", "resume"), data=REASON),
    Row("reviews:move", "s3443o33333", "s3443>33333", **_of("approved.review", "suspend"), data=REASON),
    Row("reviews:move", "s3443o33333", "s3443>33333", **_of("approved.review", "revoke"), data=REASON),
    Row("reviews:move", "s3443o33333", "s3443>33333", **_of("approved.review", "terminate"), data=REASON),
    Row("reviews:move", "s3443o33333", "s3443>33333", **_of("suspended.review", "reinstate"), data=REASON),
    Row("reviews:move", "s3443333333", "s3443333333", **_of("approved.review", "reinstate"), data=REASON),
    Row("reviews:move", "s4444444444", "s4444444444", **_of("review.review", "approve"), data=REASON),
    # --- the gate, records, notices
    Row(
        "gate:ask",
        "soooooooooo",
        "soooooooooo",
        data=lambda w, who: {"product": w.approved.product.reference, "environment": "Production US", "model": MODEL},
    ),
    Row("evidence:records", "soooooooooo", "s5555555555"),
    Row("evidence:records-csv", "soooooooooo", "s5555555555"),
    Row("evidence:download-many", "s5555555555", "so>>ooo>o>o", data=lambda w, who: {"pack": [w.pack.pk]}),
    Row("evidence:root", "soooooooooo", "s5555555555"),
    Row(
        "evidence:record",
        "so44ooo3o3o",
        "s5555555555",
        **_of("approved.review"),
    ),
    Row("evidence:build", "s5555555555", "s344>>33>3>", **_of("approved.review")),
    Row("evidence:download", "so44ooo3o3o", "s5555555555", **_of("approved.review", 1, "zip")),
    Row("evidence:download", "so44ooo3o3o", "s5555555555", **_of("approved.review", 1, "pdf")),
    Row("evidence:download", "so44ooo3o3o", "s5555555555", **_of("approved.review", 1, "json")),
    Row("evidence:download", "s4444444444", "s5555555555", **_of("approved.review", 1, "exe")),
    Row("notifications:inbox", "soooooooooo", "s5555555555"),
    Row("notifications:read", "s5555555555", "s>>>>>>>>>>", data=fixed(all="1")),
    # --- licences
    Row("licences:version-list", "soooooooooo", "55555555555"),
    Row("licences:model-name", "soooooooooo", "55555555555", query="id=llama3.1:8b"),
    Row("licences:choose-comparison", "soooooooooo", "55555555555"),
    Row("licences:ask", "soooooooooo", "55555555555", query="q=otter"),
    Row(
        "licences:duties", "soooooooooo", "55555555555", query="version=llama-3.1&audience=public&aup_screening=health"
    ),
    Row("licences:draft-start", "s333oo3333o", "s3332233332"),
    Row("licences:draft", "s333oo3333o", "55555555555", **DRAFT),
    Row("licences:draft-part", "s333oo3333o", "s3332233332", **DRAFT, query="key=mau"),
    Row("licences:draft-part", "s333oo3333o", "s3332233332", **DRAFT, query="kind=item"),
    Row("licences:draft-add", "s333oo3333o", "55555555555", **DRAFT),
    Row(
        "licences:draft-decide",
        "55555555555",
        "s333>>3333>",
        at=lambda world: (world.draft.code, "confirm"),
        data=fixed(part="mau"),
    ),
    Row("licences:export", "soooooooooo", "55555555555"),
    Row("licences:export-schema", "soooooooooo", "55555555555"),
    Row("licences:notice", "soooooooooo", "55555555555", **VERSION),
    Row("licences:attribution", "soooooooooo", "55555555555", **VERSION),
    Row("licences:matrix", "soooooooooo", "55555555555"),
    Row("licences:compare", "soooooooooo", "55555555555", at=lambda w: ("llama-3", "llama-3.1")),
    Row("licences:version", "soooooooooo", "55555555555", **VERSION),
    Row("licences:add-text", "55555555555", "s333>>3333>", **VERSION, data=forms.new_text),
    Row("licences:add-text", "55555555555", "s333>>3333>", **VERSION, data=forms.text_at_an_address),
    Row("licences:add-text", "55555555555", "s3332233332", **VERSION, data=fixed(kind="aup", address="ftp://10.0.0.1")),
    Row("licences:accept-text", "55555555555", "s333>>3333>", **CANDIDATE, data=fixed(note="Read.")),
    Row("licences:refuse-text", "55555555555", "s333>>3333>", **CANDIDATE, data=fixed(note="Read.")),
    Row("licences:raw", "soooooooooo", "55555555555", at=lambda w: ("llama-3.1", "agreement")),
    # --- people
    Row("accounts:people", "s33333333oo", "55555555555"),
    Row("accounts:me", "soooooooooo", "s>>>>>>>>>>", data=fixed(name="New Name", time_zone="Europe/Oslo")),
    Row("accounts:prove", "soooooooooo", "soooooooooo", query="statement=" + "0" * 64),
    Row(
        "accounts:invite-person",
        "s33333333oo",
        "s33333333>>",
        data=fixed(name="Nils New", email="nils@example.com", kind="employee", time_zone="Europe/Oslo"),
    ),
    Row("accounts:teams", "s33333333oo", "s33333333>>", data=fixed(name="New", code="new")),
    Row("accounts:tokens", "s33333333oo", "55555555555"),
    Row(
        "accounts:issue-token",
        "s33333333oo",
        "s33333333oo",
        data=lambda w, who: {"code": str(uuid4()), "name": "CI", "scopes": ["gate:check"], "last_day": forms.later()},
    ),
    Row("accounts:revoke-token", "55555555555", "s33333333>>", at=lambda w: (w.token.code,)),
    Row("accounts:person", "s33333333oo", "55555555555", **PERSON),
    Row("accounts:grant-role", "55555555555", "s33333333>>", **PERSON, data=fixed(role="legal_approver")),
    Row("accounts:end-role", "55555555555", "s33333333>>", at=lambda w: (w.cast.petra.reference, w.membership.pk)),
    Row("accounts:deactivate-person", "55555555555", "s33333333>>", **PERSON),
    Row("accounts:reactivate-person", "55555555555", "s33333333>>", **PERSON),
    Row("accounts:send-invitation", "55555555555", "s33333333>>", **PERSON),
    # --- the API
    Row("api-1:check", "55555555555", "uuuuuuuuuuu"),
    Row("api-1:every_version", "uuuuuuuuuuu", "55555555555"),
    Row("api-1:export", "uuuuuuuuuuu", "55555555555"),
    Row("api-1:export_schema", "uuuuuuuuuuu", "55555555555"),
    Row("api-1:model_name", "uuuuuuuuuuu", "55555555555", query="id=llama3.1"),
    Row("api-1:one_version", "uuuuuuuuuuu", "55555555555", **VERSION),
    Row("api-1:openapi-json", "ooooooooooo", "ooooooooooo"),
    Row("api-1:api-root", "44444444444", "44444444444"),
]
