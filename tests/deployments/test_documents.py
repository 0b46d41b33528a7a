"""What was uploaded can be taken away again by whoever may see the object, and every download is in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from deployments.actions.entities import record_acceptance, record_permission
from deployments.actions.observations import record_attribution_sighting
from deployments.actions.stop_duties import complete_item, open_stop_duty
from foundation.accounts.company_day import company_day
from foundation.audit.models import Event
from foundation.files import store
from foundation.files.models import Blob
from tests.cast import signed_in
from tests.deployments.builders import version


@dataclass(frozen=True)
class Uploaded:
    """A document, where it hangs, the page that shows it, and the subject of its event."""

    blob: Blob
    address: str
    page: str
    subject: str


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.BLOB_DIR = tmp_path


@pytest.fixture
def uploaded(cast, product, group) -> Callable[[str], Uploaded]:
    blob = store.put(b"%PDF-1.7 a letter %%EOF", "application/pdf")
    entity_page = reverse("deployments:entity", args=[group.inc.reference])

    def acceptance() -> Uploaded:
        row = record_acceptance(
            entity=group.inc, version=version("llama-4"), state="not_evidenced", document=blob, by=cast.rita
        )
        address = reverse("deployments:acceptance-document", args=[group.inc.reference, row.pk])
        return Uploaded(blob, address, entity_page, group.inc.reference)

    def permission() -> Uploaded:
        row = record_permission(
            entity=group.inc,
            kind="meta_grant",
            covers=["mau"],
            name="Grant of May",
            scope="All",
            granted_on=date(2026, 5, 1),
            document=blob,
            by=cast.rita,
        )
        address = reverse("deployments:permission-document", args=[group.inc.reference, row.reference])
        return Uploaded(blob, address, entity_page, row.reference)

    def sighting() -> Uploaded:
        component = product.components.get()
        row = record_attribution_sighting(
            component=component, observed_on=company_day(timezone.now()), seen=False, document=blob, by=cast.petra
        )
        address = reverse("deployments:sighting-document", args=[product.reference, row.pk])
        return Uploaded(blob, address, reverse("portal:product", args=[product.reference]), component.reference)

    def certificate() -> Uploaded:
        duty = open_stop_duty(
            component=product.components.get(), version=version("llama-3.1"), cause="revoked", by=cast.leo
        )
        complete_item(item=duty.items.get(kind="backups"), note="Wiped", document=blob, by=cast.olive)
        address = reverse("deployments:stop-item-document", args=[duty.reference, "backups"])
        return Uploaded(blob, address, reverse("deployments:stop-duty", args=[duty.reference]), duty.reference)

    made = {
        "acceptance": acceptance,
        "permission": permission,
        "sighting": sighting,
        "certificate": certificate,
    }
    return lambda which: made[which]()


EVERY = ["acceptance", "permission", "sighting", "certificate"]
# Who may not know of the object meets 404; who may know of it and not see its facts meets 403.
REFUSED = {"acceptance": 403, "permission": 403, "sighting": 404, "certificate": 404}


@pytest.mark.parametrize("which", EVERY)
def test_the_page_with_the_digest_leads_to_the_document(cast, uploaded, which):
    found = uploaded(which)
    page = signed_in(cast.anna).get(found.page).content.decode()
    assert found.blob.sha256 in page
    assert f'href="{found.address}"' in page


@pytest.mark.parametrize("which", EVERY)
def test_it_comes_byte_for_byte_as_a_download_and_stands_in_the_log(cast, uploaded, which):
    found = uploaded(which)
    answer = signed_in(cast.anna).get(found.address)
    assert answer.status_code == 200
    assert answer.content == store.read(found.blob.sha256)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert answer["X-Content-Type-Options"] == "nosniff"
    event = Event.objects.get(kind="document.downloaded")
    assert (event.subject, event.actor_ref) == (found.subject, cast.anna.reference)
    assert event.facts == {"document": found.blob.sha256}


@pytest.mark.parametrize("which", EVERY)
def test_others_are_refused_and_nothing_is_logged(cast, uploaded, which, client):
    found = uploaded(which)
    assert client.get(found.address).status_code == 302, "not signed in"
    assert signed_in(cast.sam).get(found.address).status_code == REFUSED[which]
    assert signed_in(cast.cleo).get(found.address).status_code == REFUSED[which]
    assert signed_in(cast.anna).post(found.address).status_code == 405
    assert not Event.objects.filter(kind="document.downloaded").exists()


@pytest.mark.parametrize("which", EVERY)
def test_a_damaged_file_is_a_sentence_on_the_page_and_not_a_download(cast, uploaded, which):
    found = uploaded(which)
    store.path_of(found.blob.sha256).write_bytes(b"another letter")
    answer = signed_in(cast.anna).get(found.address, follow=True)
    assert answer.redirect_chain[-1][0] == found.page
    assert "restore" in answer.content.decode()
    assert not Event.objects.filter(kind="document.downloaded").exists()


def test_a_row_without_a_document_or_of_another_object_is_not_there(cast, product, group, uploaded):
    found = uploaded("acceptance")
    client = signed_in(cast.anna)
    key = found.address.rstrip("/").split("/")[-2]
    bare = group.inc.acceptances.filter(document=None).first()
    for args in ([group.bv.reference, key], [group.inc.reference, bare.pk], [group.inc.reference, 999999]):
        assert client.get(reverse("deployments:acceptance-document", args=args)).status_code == 404
    grant = uploaded("permission").subject
    for args in ([group.bv.reference, grant], [group.inc.reference, "PRM-99999"], [group.inc.reference, "nonsense"]):
        assert client.get(reverse("deployments:permission-document", args=args)).status_code == 404
    uploaded("certificate")
    duty = product.components.get().stop_duties.get().reference
    for kind in ("delete", "nonsense"):
        assert client.get(reverse("deployments:stop-item-document", args=[duty, kind])).status_code == 404
    assert client.get(reverse("deployments:sighting-document", args=[product.reference, 999999])).status_code == 404
