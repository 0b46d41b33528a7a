"""What the impact runs begin with: other words of a text, and a version that two people bring in."""

from __future__ import annotations

from datetime import date

from bench import texts
from bench.processes import CannotRun

VERSION = "llama-3.1"
WAITS = "acme/Llama-5-9B-Instruct"
EVERY = 4  # of so many products, one waits for the version


def accept_other_words() -> tuple[int, int]:
    """The keys of an accepted text with one word changed, and of the one that it replaced."""
    from bench.seed import SEED
    from foundation.accounts.models import User
    from foundation.files.store import read
    from licences.actions import accept_text, import_text
    from licences.models import LlamaVersion, TextKind
    from licences.queries import current_text

    version = LlamaVersion.objects.get(slug=VERSION)
    before = current_text(version, TextKind.AGREEMENT)
    if before is None:
        raise CannotRun(f"{version.name} has no agreement to change.")
    words = read(before.sha256).decode().replace(" otter ", " badger ", 1)
    text = import_text(version=version, kind=TextKind.AGREEMENT, data=words.encode(), source="bench", imported_by=SEED)
    accept_text(text=text, by=User.objects.get(email__startswith="leo"), note="Invented for the bench.")
    return text.pk, before.pk


def some_wait_for_llama_5() -> None:
    """Every fourth product names a further model, which nobody can place yet."""
    from django.utils import timezone

    from deployments.models import Component, ModelSheet, Product

    now = timezone.now()
    products = Product.objects.order_by("pk").values_list("pk", "owner")[::EVERY]
    components = Component.objects.bulk_create(
        [Component(product_id=product, name="Next model", created_at=now) for product, _owner in products]
    )
    ModelSheet.objects.bulk_create(
        ModelSheet(component=component, raw_model_id=WAITS, chosen_by_id=owner, chosen_at=now, saved_at=now)
        for component, (_product, owner) in zip(components, products, strict=True)
    )


def llama_5_is_published() -> int:
    """The key of a version with invented texts, prepared by one person and published by another."""
    from foundation.accounts.models import User
    from licences.actions import draft_version as act
    from licences.drafts import MODELS, open_questions
    from licences.models import LlamaVersion
    from licences.queries import terms_for

    nearest = LlamaVersion.objects.get(slug="llama-4")
    # What the rules hand out stands in the clauses of Llama 4 that they cite; a version that lacks it is refused.
    values = (
        ("Meta", "Meta Platforms Ireland Limited or Meta Platforms, Inc"),
        ("1.b.i", '"Built with Llama" and "Llama"'),
        ("1.b.iii", f'"{terms_for(nearest).notice.replace(nearest.name, "Llama 5")}"'),
        ("2", "700 million"),
        ("5.a", '"Llama"'),
        ("7", "California"),
    )
    rita, leo = (User.objects.get(email__startswith=name) for name in ("rita", "leo"))
    address = "https://otters.example"
    draft = act.start_draft(
        based_on=nearest,
        name="Llama 5",
        title="LLAMA 5 COMMUNITY LICENSE AGREEMENT",
        released_on=date(2026, 11, 2),
        date_kind="effective",
        agreement=texts.agreement("Llama 5", 7, values).encode(),
        aup=texts.policy("Llama 5", 7).encode(),
        sources={kind: {"raw": f"{address}/{kind}", "web": f"{address}/{kind}.html"} for kind in ("agreement", "aup")},
        by=rita,
    )
    draft = act.edit_part(draft=draft, part=MODELS, values={"sizes": ["9B", "90B"]}, by=rita)
    draft = act.leave_out(draft=draft, part="eu-multimodal", by=rita)  # invented policies have no such paragraph
    left = open_questions(draft)
    draft = act.confirm_parts(draft=draft, parts=[one for one in left if " " not in one], by=rita)
    for clause in open_questions(draft):
        draft = act.account_for(draft=draft, clause=clause, by=rita)
    return act.publish_draft(draft=act.submit_draft(draft=draft, by=rita), by=leo).pk
