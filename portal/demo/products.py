"""The twelve products of Norrbro Group, on all six versions, as their owners register them."""

from __future__ import annotations

from typing import Any

from portal.demo.plans import Model, Plan

DISPLAY = "Built with Llama"
DISPLAY_OF_3 = "Built with Meta Llama 3"
NOTICE_OF_3_2 = (
    "Llama 3.2 is licensed under the Llama 3.2 Community License, Copyright © Meta Platforms, Inc. All Rights Reserved."
)
EU = {"Production EU": True, "Staging": False}
US = {"Production US": True, "Staging": False}


def _use(purpose: str, audience: list[str], countries: list[str], **others: Any) -> dict[str, Any]:
    """The product sheet of a plain product that touches nothing of the policy and tells its users what they need."""
    return {
        "purpose": purpose,
        "audience": audience,
        "countries": countries,
        "aup_screening": ["none"],
        "user_information": ["dangers-in-product", "aup-in-terms"],
        "dangers_text": "Answers can be wrong or incomplete; a person checks them before anything is decided.",
        **others,
    }


def _as_it_is(*, shown: str = "", place: str = "about-page", address: str = "", **others: Any) -> dict[str, Any]:
    """The model sheet of a model that runs unchanged, downloaded from Meta, on our own machines."""
    display = {"attribution_places": [place], "attribution_text": shown, "attribution_owner": "Petra Attribution"}
    return {
        "multimodal": "no",
        "route": "meta-download",
        "model_uses": ["none"],
        **(display if shown else {"attribution_places": ["none"]}),
        **({"attribution_address": address} if address else {}),
        **others,
    }


PLANS: tuple[Plan, ...] = (
    Plan(
        slug="harbour-desk",
        name="Harbour Desk",
        owner="olive",
        team="assistants",
        licensee="inc",
        environments=US,
        answers=_use(
            "Answers questions of freight customers about their shipments, from the tracking system and the tariff "
            "book. It books nothing and promises no delivery day.",
            ["customers"],
            ["US", "CA"],
        ),
        models=(
            Model(
                "Chat model",
                "llama-3.1",
                "meta-llama/Llama-3.1-70B-Instruct",
                _as_it_is(shown=DISPLAY, address="https://harbourdesk.norrbro.example/about"),
            ),
        ),
        later=(
            Model(
                "Chat model",
                "llama-4",
                "meta-llama/Llama-4-Scout-17B-16E-Instruct",
                _as_it_is(shown=DISPLAY, address="https://harbourdesk.norrbro.example/about", multimodal="yes"),
            ),
        ),
        promise="approved on Llama 3.1, moving to Llama 4",
    ),
    Plan(
        slug="clause-finder",
        name="Clause Finder",
        owner="oskar",
        team="analytics",
        licensee="bv",
        environments={"Production EU": True},
        answers=_use(
            "Finds clauses in supplier contracts that differ from the house's standard, for the lawyers of the "
            "purchasing department, who read every hit themselves.",
            ["employees"],
            ["NL"],
            aup_screening=["legal-advice"],
            aup_items=["1.d"],
            aup_position="outside",
            aup_safeguards="Only admitted lawyers use it; it points to clauses and gives no advice.",
        ),
        models=(Model("Extractor", "llama-2", "meta-llama/Llama-2-13b-chat-hf", _as_it_is()),),
        promise="its approval on Llama 2 expired, and it still runs",
    ),
    Plan(
        slug="norrbro-answers",
        name="Norrbro Answers",
        owner="olive",
        team="assistants",
        licensee="as",
        environments=EU,
        answers=_use(
            "Answers questions about travel, expenses and house rules from the staff handbook.",
            ["employees"],
            ["NO", "NL", "US"],
        ),
        models=(
            Model(
                "Chat model",
                "llama-3",
                "meta-llama/Meta-Llama-3-70B-Instruct",
                _as_it_is(shown=DISPLAY_OF_3, place="user-interface", address="https://answers.norrbro.example/#about"),
            ),
        ),
        later=(Model("Summariser", "llama-3.3", "meta-llama/Llama-3.3-70B-Instruct", _as_it_is()),),
        promise="went public: stale, and two display texts are needed",
    ),
    Plan(
        slug="claim-photos",
        name="Claim Photo Reader",
        owner="olive",
        team="assistants",
        licensee="bv",
        environments=EU,
        answers=_use(
            "Describes photographs of damaged freight, so that a claims handler finds similar cases.",
            ["employees", "contractors"],
            ["NL", "DE"],
        ),
        models=(
            Model(
                "Vision model",
                "llama-3.2",
                "meta-llama/Llama-3.2-11B-Vision-Instruct",
                _as_it_is(shown=DISPLAY, place="product-documentation", multimodal="yes"),
            ),
        ),
        promise="11B vision model: rejected for the B.V.",
    ),
    Plan(
        slug="meeting-notes",
        name="Meeting Notes",
        owner="oskar",
        team="analytics",
        licensee="bv",
        environments=EU,
        answers=_use(
            "Turns the transcript of a meeting into minutes and a list of actions, which the chair corrects and sends.",
            ["customers", "employees"],
            ["NL", "BE", "NO"],
        ),
        models=(
            Model(
                "Minute writer",
                "llama-3.2",
                "meta-llama/Llama-3.2-3B-Instruct",
                _as_it_is(shown=DISPLAY, place="website", address="https://notes.norrbro.example/"),
            ),
        ),
        promise="3B text model: approved for the B.V.",
    ),
    Plan(
        slug="travel-desk",
        name="Travel Desk",
        owner="olive",
        team="assistants",
        licensee="inc",
        environments=US,
        answers=_use(
            "Proposes itineraries and hotels to business travellers of customers, within their company's travel rules.",
            ["customers"],
            ["US", "CA", "MX"],
            user_information=["aup-in-terms"],
        ),
        models=(
            Model(
                "Planner",
                "llama-3.3",
                "meta-llama/Llama-3.3-70B-Instruct",
                _as_it_is(shown=DISPLAY, place="website", address="https://travel.norrbro.example/about"),
            ),
        ),
        promise="approved, and a condition before go-live is open: the gate denies",
    ),
    Plan(
        slug="tender-writer",
        name="Tender Writer",
        owner="olive",
        team="assistants",
        licensee="bv",
        environments=EU,
        answers=_use(
            "Drafts answers to tenders from earlier bids. The bid team edits every page before it goes out.",
            ["customers"],
            ["NL", "SE", "DK"],
        ),
        models=(
            Model(
                "Writer",
                "llama-3.1",
                "norrbro/NorrbroTender-Llama-3.1-8B",
                _as_it_is(
                    shown=DISPLAY,
                    place="product-documentation",
                    model_uses=["changed"],
                    base_model="meta-llama/Llama-3.1-8B-Instruct",
                    ancestors=["none"],
                    change_kinds=["fine-tuned"],
                    tuned_on="2,300 tenders that the group wrote itself, without names of people.",
                    derived_available="service",
                    derived_name="NorrbroTender-Llama-3.1-8B",
                ),
            ),
        ),
        promise="a fine-tune with the wrong name: changes requested",
    ),
    Plan(
        slug="report-distiller",
        name="Report Distiller",
        owner="oskar",
        team="analytics",
        licensee="inc",
        environments={"Production US": True, "Research cluster": False},
        answers=_use(
            "A small model that summarises market reports. It is a Mistral model, trained on summaries that a Llama 3 "
            "model wrote.",
            ["customers"],
            ["US"],
        ),
        models=(
            Model(
                "Teacher",
                "llama-3",
                "meta-llama/Meta-Llama-3-70B-Instruct",
                _as_it_is(
                    shown=DISPLAY_OF_3,
                    place="product-documentation",
                    model_uses=["outputs"],
                    output_uses=["other-llm"],
                    output_model_available="service",
                    output_model_name="Norrbro-Mistral-7B-Reports",
                ),
            ),
        ),
        promise="a Mistral student trained on Llama 3 outputs: rejected under 1.b.v",
    ),
    Plan(
        slug="edge-reader",
        name="Edge Reader",
        owner="olive",
        team="assistants",
        licensee="as",
        offeror="as",
        environments={"Release to customers": True, "Staging": False},
        answers=_use(
            "Reads delivery notes on a device in the customer's warehouse. Customers get the weights with the device.",
            ["customers"],
            ["NO", "SE", "DE"],
        ),
        models=(
            Model(
                "On-device model",
                "llama-3.2",
                "norrbro/Llama-3.2-Norrbro-Edge-1B",
                _as_it_is(
                    shown=DISPLAY,
                    place="product-documentation",
                    address="https://docs.norrbro.example/edge-reader/notices",
                    model_uses=["changed", "passed-on"],
                    base_model="meta-llama/Llama-3.2-1B-Instruct",
                    ancestors=["none"],
                    change_kinds=["fine-tuned", "quantised"],
                    tuned_on="Delivery notes of our own warehouses, names of people blacked out.",
                    derived_available="weights",
                    derived_name="Llama-3.2-Norrbro-Edge-1B",
                    recipients=["customers"],
                    distribution_files=["agreement", "notice"],
                    notice_text=NOTICE_OF_3_2,
                ),
            ),
        ),
        promise="weights shipped to customers: approved",
    ),
    Plan(
        slug="ticket-triage",
        name="Ticket Triage",
        owner="olive",
        team="assistants",
        licensee="bv",
        environments=EU,
        answers=_use(
            "Sorts support tickets and proposes an answer. A person of the help desk sends it.",
            ["customers", "employees"],
            ["NL", "NO", "FR"],
        ),
        models=(
            Model(
                "Classifier",
                "llama-4",
                "meta.llama4-maverick-17b-instruct-v1:0",
                _as_it_is(
                    shown=DISPLAY,
                    place="website",
                    address="https://support.norrbro.example/about",
                    multimodal="yes",
                    route="provider-api",
                    governing_terms="A cloud provider, under its service terms and its terms for third-party models.",
                ),
            ),
        ),
        promise="Llama 4 at a provider: approved on a position that the risk owner signed",
    ),
    Plan(
        slug="policy-search",
        name="Policy Search",
        owner="oskar",
        team="analytics",
        licensee="as",
        environments={"Production EU": True},
        answers=_use(
            "Searched the house's policies and quoted the paragraph. Norrbro Answers has taken its place.",
            ["employees"],
            ["NO"],
        ),
        models=(Model("Search model", "llama-2", "meta-llama/Llama-2-7b-chat-hf", _as_it_is()),),
        promise="retired, its deletion certified",
    ),
    Plan(
        slug="sales-coach",
        name="Sales Coach",
        owner="olive",
        team="assistants",
        licensee="inc",
        environments=US,
        answers=_use(
            "Listens to practice calls of new sales people and suggests better questions.",
            ["employees", "contractors"],
            ["US"],
            user_information=["unknown"],
        ),
        models=(
            Model(
                "Coach",
                "llama-3.1",
                "meta-llama/Llama-3.1-8B-Instruct",
                {"multimodal": "no", "route": "meta-download", "model_uses": ["none"]},
            ),
        ),
        promise="live without approval: its facts were never declared",
    ),
)


def plan_named(slug: str) -> Plan:
    """The product with this short name."""
    return next(plan for plan in PLANS if plan.slug == slug)
