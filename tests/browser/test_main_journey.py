"""The main job in a real browser, on the official texts: register, review, sign, ask the gate, download, verify."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from deployments.models import Product
from evidence.verify import verify_file
from foundation.accounts.actions import issue_token
from foundation.audit.actors import Actor
from foundation.audit.models import Event
from foundation.keys.authority import root_certificate_pem
from licences.actions import import_folder, sync_catalogue
from reviews.models import Review
from tests import journeys
from tests.browser.work import in_a_thread, work_in_the_background
from tests.cast import PASSWORD, make_cast

pytestmark = [pytest.mark.browser, pytest.mark.official_texts, pytest.mark.django_db(transaction=True)]

MODEL = "meta-llama/Llama-3.1-8B-Instruct"
SECRET_NOTE = "Between counsel only: the zebra clause"


def test_a_product_goes_from_registration_to_a_signed_and_verified_record(
    desk_of, official_texts: Path, tmp_path: Path
):
    cast = make_cast()
    seed = Actor.system("tests")
    sync_catalogue(by=seed)
    import_folder(folder=official_texts, imported_by=seed)
    journeys.entity("Norrbro Inc.", "US", cast.rita)
    issued = issue_token(
        by=cast.adam, name="pipeline", scopes=["gate:check"], expires_at=timezone.now() + timedelta(days=30)
    )

    olive = desk_of(cast.olive)
    answers = register(olive)
    assert answers <= 12, f"registration took {answers} answers"
    product = Product.objects.get(name="Order Assistant")
    assert gate(issued.clear, product)["decision"] == "pending"

    olive.page.get_by_text("What legal will ask").wait_for()
    finding = olive.page.locator("article.finding", has_text="“Built with Llama” is prominently displayed")
    assert finding.get_by_role("link", name="LICENSE 1.b.i").count() >= 1
    olive.look("declare")
    olive.page.get_by_label("Your password").fill(PASSWORD)
    olive.press("Declare")
    review = Review.objects.get(component__product=product)
    assert review.state == "in_review"

    rita = desk_of(cast.rita)
    rita.go(f"/reviews/{review.reference}/")
    rita.look("review-open")
    note = rita.page.locator("#counsel")
    note.get_by_label("Counsel’s note").fill(SECRET_NOTE)
    note.get_by_role("button", name="Keep the note").click()
    for number in range(1, 6):
        rita.go(f"/reviews/{review.reference}/?check={number}")
        card = rita.page.locator(f"#check-{number}")
        card.locator("label.form-check-label", has_text=re.compile(r"^\s*Met\s*$")).click()
        card.get_by_label("Record reasoning").fill(f"Check {number} examined against the text beside it.")
        card.get_by_role("button", name="Save and go to").click()
    sign(rita, review, "reviewer")
    assert gate(issued.clear, product)["decision"] == "pending"

    petra = desk_of(cast.petra)
    petra.go(f"/reviews/{review.reference}/sign/attribution_owner/")
    petra.page.get_by_label("The words that you saw").fill("Built with Llama")
    petra.page.get_by_label("Where").fill("https://norrbro.example/about")
    petra.press("Record what I saw")
    petra.look("sign-attribution")
    sign(petra, review, "attribution_owner")

    leo = desk_of(cast.leo)
    sign(leo, review, "approver")
    assert Review.objects.get(pk=review.pk).state == "approved"
    said = gate(issued.clear, product)
    assert (said["decision"], said["proceed"], said["review"]) == ("allow", True, review.reference)

    work_in_the_background()
    archive = download(desk_of(cast.anna), review, tmp_path)
    report = in_a_thread(lambda: verify_file(archive.read_bytes(), root=root_certificate_pem().encode()))
    assert report.sound, report.problems
    the_note_is_nowhere(archive)

    sam = desk_of(cast.sam)
    for path in (f"/products/{product.reference}/", f"/reviews/{review.reference}/", f"/records/{review.reference}/"):
        assert sam.page.request.get(f"{sam.base}{path}").status == 404
    olive.go(f"/reviews/{review.reference}/")
    assert olive.page.get_by_role("link", name="Sign as").count() == 0
    olive.look("review-approved")


ANSWERS = {
    # question -> what Olive answers; pages that the portal has filled in are only confirmed
    "What does the product do with the model?": "Answers questions of customers about their orders.",
    "Who receives it, or can use it?": ["Customers"],
    "In which countries is it offered or used?": ["United States"],
    "Does it touch any of these?": ["None of these"],
    "What are the people who use it told?": ["Known dangers are stated in the product itself"],
    "Where does the model come from?": ["Downloaded from Meta"],
    "Do you do any of these with it?": ["None of these: we run it as it is"],
    "Where does Llama’s name appear?": ["The required display, on an about page"],
}


def register(desk) -> int:
    """Register as the pages ask; returns how many answers it took. Pages that come filled in are read and confirmed."""
    page = desk.page
    desk.go("/products/register/")
    desk.look("register")
    page.get_by_label("Name of the product").fill("Order Assistant")
    page.get_by_label("Which company uses the model?").select_option(label="Norrbro Inc.")
    desk.press("Save and continue")
    page.get_by_label("Which model runs?").fill(MODEL)
    page.get_by_label("Where does it run, or shall it run?").fill("Production US")
    desk.press("Save and continue")
    page.get_by_role("heading", name="Proposed: Llama 3.1").wait_for()
    desk.look("choose-model")
    desk.press("Confirm and go on")
    answers = 4
    for turn in range(20):
        if page.url.endswith("/declare/"):
            return answers
        question = page.locator("h1").inner_text()
        if turn == 0:
            desk.look("question")
        wanted = ANSWERS.get(question)
        if wanted is not None:
            answers += 1
            if isinstance(wanted, str):
                page.get_by_label(question).fill(wanted)
            else:
                for choice in wanted:
                    page.locator("label.form-check-label", has_text=choice).first.click()
        else:
            assert page.get_by_text("Filled in from").count() == 1, f"{question} is asked, and nothing is filled in"
        desk.press("Save and continue")
    raise AssertionError(f"registration never reached the declaration; it stands at {page.url}")


def sign(desk, review: Review, step: str) -> None:
    desk.go(f"/reviews/{review.reference}/sign/{step}/")
    desk.page.get_by_label("Your password").fill(PASSWORD)
    desk.press("Sign")
    desk.page.wait_for_url(f"**/reviews/{review.reference}/")


def gate(token: str, product: Product) -> dict:
    """What a pipeline hears."""
    answer = Client().post(
        "/api/v1/gate/check",
        json.dumps({"product": product.reference, "environment": "Production US", "model": MODEL}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def download(desk, review: Review, folder: Path) -> Path:
    desk.go("/records/")
    desk.look("records")
    desk.go(f"/records/{review.reference}/")
    desk.look("record")
    with desk.page.expect_download() as started:
        desk.page.get_by_role("link", name="Pack (zip)").first.click()
    target = folder / "pack.zip"
    started.value.save_as(target)
    return target


def the_note_is_nowhere(archive: Path) -> None:
    """Not in the pack, not in the log, not in any mail, not found by search."""
    from django.core import mail

    needle = "zebra"
    with zipfile.ZipFile(archive) as pack:
        for name in pack.namelist():
            assert needle.encode() not in pack.read(name), name
    assert not Event.objects.filter(body__contains=needle).exists()
    assert not any(needle in message.body for message in mail.outbox)
