"""What happens to each product of the demo after its registration. One function per product, named by its slug."""

from __future__ import annotations

from collections.abc import Callable

from deployments.actions.questions import ask_colleague
from deployments.actions.sheets import save_product_answers
from deployments.actions.stop_duties import complete_item
from deployments.models import ColleagueQuestion, ModelSheet, Product, ProductState, StopDuty
from deployments.queries.facts import latest_declaration
from portal.demo.drafts import choose, deployment_named
from portal.demo.people import Cast
from portal.demo.plans import Plan
from portal.demo.products import DISPLAY, DISPLAY_OF_3
from portal.demo.reasonings import usual_answers
from portal.demo.walk import (
    Answer,
    answer,
    approve_from,
    days_ago,
    declare,
    declare_again,
    demand,
    latest_review,
    roll_out,
    roll_out_to,
    see,
    sign_all,
)
from reviews.actions.messages import write_counsel_note, write_message
from reviews.actions.moves import reject, request_changes
from reviews.actions.retire_product import retire_product
from reviews.models import CounselNote, Message, Review
from reviews.models.messages import MessageKind
from reviews.states import OPEN_STATES, State

Story = Callable[[Plan, Product, Cast], None]


def harbour_desk(plan: Plan, product: Product, cast: Cast) -> None:
    """Approved on 3.1 and running; then Llama 4 is chosen, declared, and half reviewed."""
    olive, rita = cast["olive"], cast["rita"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, olive)
    see(sheet, cast["petra"], text=DISPLAY, address="https://harbourdesk.norrbro.example/about")
    answer(review, rita, usual_answers(review.version))
    approve_from(review, rita, days_ago(240))
    sign_all(review, cast, reviewer=rita)
    roll_out_to(sheet, olive, [("Staging", 235), ("Production US", 228)])

    (next_model,) = plan.later
    review = declare(choose(product, next_model, olive), olive)
    usual = usual_answers(review.version)
    answer(review, rita, {number: usual[number] for number in (1, 3)})
    question = (
        "The policy's paragraph on multimodal models turns on the licensee's principal place of business. Will only "
        "Norrbro Inc. run this, or does the Amsterdam team operate it too?"
    )
    if not Message.objects.filter(review=review, kind=MessageKind.QUESTION).exists():
        write_message(
            review=review,
            kind=MessageKind.QUESTION,
            text=question,
            check_number=5,
            clause="AUP eu-multimodal",
            by=rita,
        )


def clause_finder(plan: Plan, product: Product, cast: Cast) -> None:
    """Approved on Llama 2 for a year that is over; it still runs."""
    oskar, ruth = cast["oskar"], cast["ruth"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, oskar)
    answer(
        review,
        ruth,
        usual_answers(
            review.version,
            check_2=Answer(
                "met",
                "Touches the practice of law. Only admitted lawyers use it, it points to clauses and advises nobody, "
                "so it stays outside the item on unlicensed practice.",
                ("AUP 1.d", "LICENSE 1.b.iv"),
            ),
        ),
    )
    approve_from(review, ruth, days_ago(430), days_ago(65))
    sign_all(review, cast, reviewer=ruth)
    roll_out(sheet, "Production EU", oskar, days=420)


def norrbro_answers(plan: Plan, product: Product, cast: Cast) -> None:
    """Approved for employees on Llama 3; a second model on 3.3 joins, and the product goes public."""
    olive, ruth = cast["olive"], cast["ruth"]
    chat = sheet_of(product, plan)
    review = declare(chat, olive)
    see(chat, cast["petra"], text=DISPLAY_OF_3, address="https://answers.norrbro.example/#about")
    answer(review, ruth, usual_answers(review.version))
    approve_from(review, ruth, days_ago(300))
    sign_all(review, cast, reviewer=ruth)
    roll_out_to(chat, olive, [("Staging", 295), ("Production EU", 290)])

    (summariser_model,) = plan.later
    summariser = choose(product, summariser_model, olive)
    roll_out(summariser, "Staging", olive, days=12, note="Trial before the public launch.")
    if latest_declaration(summariser) is None:
        save_product_answers(product=product, answers={"audience": ["employees", "customers", "public"]}, by=olive)
    declare(summariser, olive)
    if chat.declarations.count() == 1:
        declare_again(chat, olive)


def claim_photos(plan: Plan, product: Product, cast: Cast) -> None:
    """A multimodal model and a licensee in the EU: rejected, and what runs in staging must stop."""
    olive, rita = cast["olive"], cast["rita"]
    sheet = sheet_of(product, plan)
    roll_out(sheet, "Staging", olive, days=18, note="Trial with 400 photographs.")
    review = declare(sheet, olive)
    answer(
        review,
        rita,
        {
            5: Answer(
                "not_met",
                "The 11B model is multimodal and Norrbro B.V. has its principal place of business in Amsterdam, so "
                "the rights of 1.a are not granted to it, whatever is sent to the model. The company runs the model "
                "itself, so it is no end user of somebody's product.",
                ("AUP eu-multimodal", "LICENSE 1.a"),
            )
        },
    )
    _reject(
        review,
        cast,
        "Withheld by the policy's paragraph on multimodal models (AUP eu-multimodal): Norrbro B.V. is based in the "
        "EU. A text model of 3.2 is not caught, nor is Norrbro AS in Oslo.",
    )


def meeting_notes(plan: Plan, product: Product, cast: Cast) -> None:
    """The same version and company, but a text model: approved and running."""
    oskar, rita = cast["oskar"], cast["rita"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, oskar)
    see(sheet, cast["petra"], text=DISPLAY, address="https://notes.norrbro.example/")
    usual = usual_answers(review.version)
    not_caught = Answer(
        "met",
        "Accepted with authority, the text is on file. The 3B model takes and gives text only, so the policy's "
        "paragraph on multimodal models does not reach it although Norrbro B.V. is based in the EU.",
        ("LICENSE acceptance", "AUP eu-multimodal", "LICENSE 7"),
    )
    answer(review, rita, usual | {5: not_caught})
    approve_from(review, rita, days_ago(150))
    sign_all(review, cast, reviewer=rita)
    roll_out_to(sheet, oskar, [("Staging", 149), ("Production EU", 140)])


def travel_desk(plan: Plan, product: Product, cast: Cast) -> None:
    """Approved with a condition that must hold before go-live, and does not yet: the gate denies."""
    olive, ruth = cast["olive"], cast["ruth"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, olive)
    see(
        sheet,
        cast["petra"],
        text=DISPLAY,
        address="https://travel-staging.norrbro.example/about",
        deployment=deployment_named(product, "Staging"),
    )
    answer(
        review,
        ruth,
        usual_answers(
            review.version,
            check_2=Answer(
                "met_with_conditions",
                "The use is outside every item. Known dangers are not disclosed to travellers yet: the planner "
                "invents opening hours and visa rules.",
                ("AUP 4", "LICENSE 1.b.iv"),
            ),
        ),
    )
    demand(
        review,
        ruth,
        kind="before_go_live",
        text="Tell travellers beside every itinerary that visa rules and opening hours must be checked at the source.",
        owner=olive,
    )
    demand(
        review,
        ruth,
        kind="continuous",
        text="Itineraries to places under a travel warning of the US government stay switched off.",
        owner=olive,
    )
    sign_all(review, cast, reviewer=ruth)
    roll_out(sheet, "Staging", olive, days=9)


def tender_writer(plan: Plan, product: Product, cast: Cast) -> None:
    """The name of the fine-tune contains the word and does not begin with it: back to the owner."""
    olive, rita = cast["olive"], cast["rita"]
    review = declare(sheet_of(product, plan), olive)
    answer(
        review,
        rita,
        {
            4: Answer(
                "not_met",
                "The fine-tune is offered to customers as “NorrbroTender-Llama-3.1-8B”. The name contains the word "
                "and does not begin with it, and the text wants it at the beginning.",
                ("LICENSE 1.b.i",),
            )
        },
    )
    if latest_review(sheet_of(product, plan)).state == State.IN_REVIEW:
        request_changes(
            review=review,
            reason="Rename the model so that its name begins with “Llama” (LICENSE 1.b.i), for instance "
            "“Llama-3.1-NorrbroTender-8B”, in the documentation too, and declare again.",
            by=rita,
        )


def report_distiller(plan: Plan, product: Product, cast: Cast) -> None:
    """Llama 3 forbids improving other large language models, and a Mistral model learnt from its outputs."""
    oskar, ruth = cast["oskar"], cast["ruth"]
    sheet = sheet_of(product, plan)
    roll_out(sheet, "Research cluster", oskar, days=75, note="Writes the summaries that the student learns from.")
    review = declare(sheet, oskar)
    answer(
        review,
        ruth,
        {
            4: Answer(
                "not_met",
                "Outputs of Llama 3 train a Mistral 7B model, a large language model that is neither Llama 3 nor made "
                "from it. The ban stays with the data set, so another teacher must write it anew.",
                ("LICENSE 1.b.v",),
            )
        },
    )
    _reject(
        review,
        cast,
        "LICENSE 1.b.v of Llama 3: its outputs may not improve another large language model. Delete the student and "
        "the summaries. From 3.1 on the agreement has no such ban; then the student's name begins with “Llama”.",
    )


def edge_reader(plan: Plan, product: Product, cast: Cast) -> None:
    """Changed weights go to customers, with the agreement, the Notice file and the right name: approved."""
    olive, rita = cast["olive"], cast["rita"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, olive)
    see(sheet, cast["petra"], text=DISPLAY, address="https://docs.norrbro.example/edge-reader/notices")
    answer(
        review,
        rita,
        usual_answers(
            review.version,
            check_3=Answer(
                "met",
                "The display is in the documentation, and the device's image holds a text file named Notice with the "
                "line of 3.2, word for word.",
                ("LICENSE 1.b.i", "LICENSE 1.b.iii"),
            ),
            check_4=Answer(
                "met",
                "Fine-tuned and quantised from the 1B model; the name begins with the word that the version wants; a "
                "copy of the agreement is on every device and in the contract's annex.",
                ("LICENSE 1.a", "LICENSE 1.b.i", "LICENSE 5.b"),
            ),
        ),
    )
    approve_from(review, rita, days_ago(90))
    sign_all(review, cast, reviewer=rita)
    roll_out_to(sheet, olive, [("Staging", 88), ("Release to customers", 80)])


def ticket_triage(plan: Plan, product: Product, cast: Cast) -> None:
    """Llama 4 at a provider, for a company in the EU: a position is taken, and the risk owner signs for it."""
    olive, rita = cast["olive"], cast["rita"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, olive)
    see(sheet, cast["petra"], text=DISPLAY, address="https://support.norrbro.example/about")
    position = Answer(
        "position_taken",
        "Every Llama 4 model is multimodal and Norrbro B.V. is based in the EU. The provider runs the model and is the "
        "licensee; no acceptance by Norrbro B.V. is evidenced, and none was asked for.",
        ("AUP eu-multimodal", "LICENSE acceptance", "LICENSE 1.a"),
        reading="Norrbro B.V. sends requests to a service that contains the model. It holds no weights and exercises "
        "none of the rights of 1.a, so it is an end user of the provider's product, whom the paragraph excepts.",
        residual_risk="The text does not define end user. Should Meta hold that a company that builds a service on the "
        "provider's API is a licensee, the use was never permitted and stops at once. Two weeks' work to move to 3.3.",
    )
    answer(review, rita, usual_answers(review.version, check_5=position))
    if not CounselNote.objects.filter(review=review).exists():
        write_counsel_note(
            review=review,
            number=5,
            text="Ask outside counsel again if the provider changes its terms for third-party models.",
            by=cast["leo"],
        )
    approve_from(review, rita, days_ago(45), days_ago(45 - 180))
    sign_all(review, cast, reviewer=rita)
    roll_out_to(sheet, olive, [("Staging", 44), ("Production EU", 40)])


def policy_search(plan: Plan, product: Product, cast: Cast) -> None:
    """Approved, used, retired; everything that the stop duty lists is done, and certified."""
    oskar, ruth = cast["oskar"], cast["ruth"]
    sheet = sheet_of(product, plan)
    review = declare(sheet, oskar)
    answer(review, ruth, usual_answers(review.version))
    approve_from(review, ruth, days_ago(330))
    sign_all(review, cast, reviewer=ruth)
    roll_out(sheet, "Production EU", oskar, days=320)
    roll_out(sheet, "Production EU", oskar, days=21, running=False, note="Norrbro Answers took over.")
    product.refresh_from_db()
    if product.state != ProductState.RETIRED:
        retire_product(product=product, by=oskar, reason="Norrbro Answers has taken its place.")
    notes = {
        "cease": "Switched off on all three servers; the address answers with a pointer to Norrbro Answers.",
        "delete": "Weights removed from the servers and from the model store.",
        "backups": "Held in no backup: the model store is not backed up.",
        "derivatives": "None were made.",
        "certificate": "All copies of the Llama 2 7B weights that Norrbro AS held on servers osl-gpu-01 to 03 and in "
        "the model store were deleted by Oskar Owner and checked by the platform team.",
    }
    for duty in StopDuty.objects.filter(component=sheet.component, closed_at=None):
        for item in duty.items.filter(done_at=None).order_by("pk"):
            complete_item(item=item, note=notes[item.kind], by=oskar)


def sales_coach(plan: Plan, product: Product, cast: Cast) -> None:
    """It went live before anybody declared anything; a colleague was asked for an answer that is missing."""
    olive = cast["olive"]
    sheet = sheet_of(product, plan)
    roll_out_to(sheet, olive, [("Staging", 33), ("Production US", 26)])
    if not ColleagueQuestion.objects.filter(product=product).exists():
        ask_colleague(
            product=product,
            sheet=sheet,
            field_key="attribution_places",
            asked_of=cast["petra"],
            note="Did your team put the words on the training portal?",
            by=olive,
        )


STORIES: dict[str, Story] = {
    "harbour-desk": harbour_desk,
    "clause-finder": clause_finder,
    "norrbro-answers": norrbro_answers,
    "claim-photos": claim_photos,
    "meeting-notes": meeting_notes,
    "travel-desk": travel_desk,
    "tender-writer": tender_writer,
    "report-distiller": report_distiller,
    "edge-reader": edge_reader,
    "ticket-triage": ticket_triage,
    "policy-search": policy_search,
    "sales-coach": sales_coach,
}


def sheet_of(product: Product, plan: Plan) -> ModelSheet:
    """The sheet of the model that the product was registered with."""
    (model,) = plan.models
    return ModelSheet.objects.select_related("component__product", "version").get(
        component__product=product, component__name=model.component, version__slug=model.version
    )


def _reject(review: Review, cast: Cast, reason: str) -> None:
    if Review.objects.get(pk=review.pk).state in OPEN_STATES:
        reject(review=review, reason=reason, by=cast["leo"])
