"""The product list with its CSV, the entity pages, stop duties, and the small forms of a product."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deployments.actions.entities import record_principal_place
from deployments.actions.products import mark_retired, register_product
from deployments.models import Acceptance, Affiliation, Deployment, LegalEntity, Observation, Permission, Product
from foundation.accounts.models import User
from foundation.audit.models import Event
from foundation.files import store
from tests.cast import signed_in
from tests.deployments.builders import make_product

LIST = "deployments:product-list"


def names_shown(page) -> list[str]:
    return [row.name for row in page.context["rows"]]


@pytest.fixture
def two(cast, group, product):
    return product, make_product(
        cast=cast,
        licensee=group.as_,
        name="Freight Reader",
        owner=cast.sam,
        model_id="meta-llama/Llama-3.3-70B-Instruct",
        slug="llama-3.3",
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Freight Reader", "Harbour Assist"]),
        ("?version=llama-3.3", ["Freight Reader"]),
        ("?version=unresolved", []),
        ("?team=assistants", ["Harbour Assist"]),
        ("?state=active", []),
        ("?state=nonsense", ["Freight Reader", "Harbour Assist"]),
        ("?q=freight", ["Freight Reader"]),
        ("?q=8b-instruct", ["Harbour Assist"]),
        ("?q=olive", ["Harbour Assist"]),
        ("?q=freight&team=assistants", []),
        ("?q=%00", ["Freight Reader", "Harbour Assist"]),
        ("?mine=1", []),
        ("?page=99", ["Freight Reader", "Harbour Assist"]),
    ],
)
def test_the_filters_stand_in_the_address(cast, two, query, expected):
    assert names_shown(signed_in(cast.rita).get(reverse(LIST) + query)) == expected


def test_a_reference_finds_its_product(cast, two):
    page = signed_in(cast.rita).get(reverse(LIST), {"q": two[0].reference.lower()})
    assert names_shown(page) == ["Harbour Assist"]


def test_people_see_the_products_that_they_may_see(cast, two):
    assert names_shown(signed_in(cast.sam).get(reverse(LIST))) == ["Freight Reader"]
    assert names_shown(signed_in(cast.cleo).get(reverse(LIST))) == []


def test_the_csv_holds_exactly_the_filtered_rows(cast, two):
    for number in range(30):
        register_product(name=f"Tool {number}", team=cast.team, by=cast.olive)
    response = signed_in(cast.rita).get(reverse("deployments:product-csv"), {"team": "assistants"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) == 31
    assert {row["team"] for row in rows} == {"Assistants"}
    [harbour] = [row for row in rows if row["name"] == "Harbour Assist"]
    assert (harbour["licensee"], harbour["versions"], harbour["unresolved"]) == ("Norrbro Inc.", "Llama 3.1", "no")
    assert (
        len(
            list(
                csv.DictReader(
                    io.StringIO(signed_in(cast.sam).get(reverse("deployments:product-csv")).content.decode())
                )
            )
        )
        == 1
    )


def test_a_name_cannot_become_a_formula_in_a_spreadsheet(cast, group):
    register_product(name="=HYPERLINK(1)", team=cast.team, by=cast.olive)
    content = signed_in(cast.rita).get(reverse("deployments:product-csv")).content.decode()
    assert "'=HYPERLINK(1)" in content


def test_the_list_shows_twenty_five_and_its_queries_do_not_grow(cast, two, group):
    client = signed_in(cast.rita)

    def queries() -> int:
        client.get(reverse(LIST))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse(LIST))
        return len(captured)

    few = queries()
    for number in range(30):
        make_product(cast=cast, licensee=group.inc, name=f"Tool {number}")
    assert queries() == few
    page = client.get(reverse(LIST))
    assert len(page.context["rows"]) == 25
    assert "Page 1 of 2" in page.content.decode()


ENTITY_FORMS: dict[str, dict[str, Any]] = {
    "kind": {"kind": "public-body", "basis": "The statutes"},
    "place": {"country": "NO", "effective_on": "2026-02-01", "basis": "The board moved"},
    "mau": {"month": "2024-06", "figure": "12", "counted_how": "All", "source": "Report"},
    "acceptance": {"version": "llama-4", "state": "not_evidenced"},
    "litigation": {"answer": "no", "as_of": "2026-02-01"},
    "permission": {
        "kind": "text_exception",
        "name": "Bought inside Deskware",
        "covers": ["mau"],
        "scope": "Received in it",
        "granted_on": "2026-02-01",
    },
}


@pytest.mark.parametrize("kind", [*ENTITY_FORMS, "affiliation"])
def test_legal_records_each_fact_on_its_page_and_others_are_refused(cast, group, kind):
    address = reverse("deployments:entity-record", args=[group.inc.reference, kind])
    data = ENTITY_FORMS.get(kind) or {"affiliate": group.bv.pk, "starts_on": "2020-01-01"}
    revision, events = LegalEntity.objects.get(pk=group.inc.pk).facts_revision, Event.objects.count()
    for person in (cast.olive, cast.sam, cast.anna, cast.petra):
        assert signed_in(person).get(address).status_code == 403
        assert signed_in(person).post(address, data).status_code == 403
    assert Event.objects.count() == events
    client = signed_in(cast.rita)
    assert client.get(address).status_code == 200
    assert client.post(address, {}).status_code == 422
    response = client.post(address, data)
    assert response.status_code == 302, response.content.decode()
    assert LegalEntity.objects.get(pk=group.inc.pk).facts_revision == revision + 1
    assert client.get(response["Location"]).status_code == 200


def test_an_uploaded_grant_is_kept_byte_for_byte(cast, group):
    address = reverse("deployments:entity-record", args=[group.inc.reference, "permission"])
    data = {
        **ENTITY_FORMS["permission"],
        "kind": "meta_grant",
        "document": SimpleUploadedFile("grant.txt", b"Granted."),
    }
    assert signed_in(cast.rita).post(address, data).status_code == 302
    assert store.read(Permission.objects.values_list("document", flat=True).get() or "") == b"Granted."
    disguised = {**data, "document": SimpleUploadedFile("grant.pdf", b"<script>")}
    page = signed_in(cast.rita).post(address, disguised)
    assert page.status_code == 422
    assert "not what its name says" in page.content.decode()


def test_the_entity_page_goes_back_in_time(cast, group):
    record_principal_place(
        entity=group.bv, country="NO", basis="The board moved", effective_on=date(2026, 6, 1), by=cast.rita
    )
    address = reverse("deployments:entity", args=[group.bv.reference])
    client = signed_in(cast.anna)
    assert client.get(address).context["place"] == "Norway"
    assert client.get(address, {"on": "2026-05-31"}).context["place"] == "Netherlands"
    assert client.get(address, {"known_on": "2020-01-01"}).context["place"] == ""
    assert client.get(address, {"on": "nonsense"}).context["place"] == "Norway"


def test_owners_see_the_names_when_choosing_and_not_the_facts(cast, group):
    client = signed_in(cast.olive)
    assert "Norrbro B.V." in client.get(reverse("deployments:register")).content.decode()
    assert client.get(reverse("deployments:entity-list")).status_code == 403
    assert client.get(reverse("deployments:entity", args=[group.bv.reference])).status_code == 403
    assert client.get(reverse("deployments:entity", args=["ENT-99999"])).status_code == 404


def test_legal_adds_an_entity_and_ends_an_affiliation(cast, group):
    client = signed_in(cast.rita)
    new = {"name": "Norrbro AB", "kind": "company", "country": "SE"}
    assert client.post(reverse("deployments:entity-add"), new).status_code == 302
    assert client.post(reverse("deployments:entity-add"), new).status_code == 422
    client.post(
        reverse("deployments:entity-record", args=[group.inc.reference, "affiliation"]),
        {"affiliate": group.bv.pk, "starts_on": "2020-01-01"},
    )
    key = Affiliation.objects.get().pk
    assert (
        client.post(
            reverse("deployments:affiliation-end", args=[group.as_.reference, key]), {"ends_on": "2024-01-01"}
        ).status_code
        == 404
    )
    assert (
        client.post(
            reverse("deployments:affiliation-end", args=[group.inc.reference, key]), {"ends_on": "2024-01-01"}
        ).status_code
        == 302
    )
    assert Affiliation.objects.get().ends_on == date(2024, 1, 1)
    assert client.get(reverse("deployments:entity-list")).status_code == 200
    assert Acceptance.objects.filter(entity=group.inc).exists()


def test_the_owner_works_a_stop_duty_off_in_the_browser(cast, product):
    [duty] = mark_retired(product=product, by=cast.olive)
    client = signed_in(cast.olive)
    item = lambda kind: reverse("deployments:stop-item", args=[duty.reference, kind])  # noqa: E731
    assert client.post(item("certificate"), {"note": "All gone"}).status_code == 422
    for kind in ("cease", "delete", "backups", "derivatives"):
        assert client.post(item(kind), {"note": "Done"}).status_code == 302
    assert client.post(item("certificate"), {"note": "Deleted on 3 July by Olive."}).status_code == 302
    page = client.get(reverse("deployments:stop-duty", args=[duty.reference])).content.decode()
    assert "Certified" in page
    assert client.get(item("nonsense")).status_code == 404
    assert signed_in(cast.rita).get(item("cease")).status_code == 403
    assert signed_in(cast.rita).get(reverse("deployments:stop-duty", args=[duty.reference])).status_code == 200
    assert signed_in(cast.sam).get(reverse("deployments:stop-duty", args=[duty.reference])).status_code == 404
    assert signed_in(cast.rita).get(reverse("deployments:stop-duty-list")).status_code == 200


def test_the_small_forms_of_a_product_do_what_they_say(cast, product, group):
    client = signed_in(cast.olive)
    on_product = lambda name: reverse(f"deployments:{name}", args=[product.reference])  # noqa: E731
    component = product.components.get().reference
    posts = [
        (on_product("rename"), {"name": "Quay Assist"}),
        (on_product("entity-role"), {"entity": group.bv.pk, "role": "offeror"}),
        (reverse("deployments:entity-role-remove", args=[product.reference, group.bv.reference, "offeror"]), {}),
        (on_product("component-add"), {"name": "Safeguard"}),
        (on_product("environment-add"), {"name": "Staging", "gate_mode": "observe"}),
        (on_product("hand-over"), {"owner": cast.olive.pk}),
        (reverse("deployments:sighting", args=[component]), {"observed_on": "2026-02-01", "seen": "no"}),
        (reverse("deployments:current-users", args=[component]), {"observed_on": "2026-02-01", "figure": "9"}),
    ]
    for address, data in posts:
        assert client.get(address).status_code == 200, address
        assert client.post(address, data).status_code == 302, address
    product.refresh_from_db()
    assert product.name == "Quay Assist"
    assert [row.role for row in product.entity_roles.all()] == ["licensee"]
    assert Observation.objects.count() == 2
    staging = Deployment.objects.get(name="Staging")
    mode = reverse("deployments:gate-mode", args=[staging.reference])
    assert client.post(mode, {"gate_mode": "enforce"}).status_code == 302
    production = reverse("deployments:gate-mode", args=[product.deployments.get(name="Production").reference])
    assert client.post(production, {"gate_mode": "observe", "reason": "Late"}).status_code == 403
    retire = reverse("portal:retire", args=[product.reference])
    assert client.post(retire, {}).status_code == 422
    assert client.post(retire, {"confirm": "on"}).status_code == 302
    assert Product.objects.get().state == "retired"


def test_only_owners_of_the_team_are_offered_as_new_owners(cast, product):
    page = signed_in(cast.olive).get(reverse("deployments:hand-over", args=[product.reference]))
    assert list(page.context["form"].fields["owner"].queryset) == [User.objects.get(pk=cast.olive.pk)]
