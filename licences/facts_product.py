"""The product sheet: what the product is and does, whatever model it runs."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from licences.aup_subjects import GROUPS, SECTORS
from licences.facts_fields import NONE, Answers, Choice, Field, any_of, values_of

AUDIENCE = (
    Choice("employees", _("Our employees")),
    Choice("contractors", _("Contractors who work for us")),
    Choice("affiliates", _("Other companies of the group")),
    Choice("customers", _("Customers or partners")),
    Choice("public", _("Anyone: the public")),
)

_WORK = _("Fields of work")
_SUBJECTS = _("Subjects that the acceptable use policy names")

# One list, two headings: a person ticks what fits, or "none of these" once.
SCREENING = (
    *(Choice(key, label, heading=_WORK) for key, label in SECTORS.items()),
    *(Choice(key, label, heading=_SUBJECTS) for key, label in GROUPS.items()),
    Choice(NONE, _("None of these"), alone=True),
)

USER_INFORMATION = (
    Choice("dangers-in-product", _("Known dangers are stated in the product itself")),
    Choice("dangers-in-documentation", _("Known dangers are stated in its documentation")),
    Choice("dangers-in-terms", _("Known dangers are stated in its terms")),
    Choice("no-known-dangers", _("We looked for dangers and know of none")),
    Choice("aup-in-terms", _("Terms of use pass the acceptable use policy on")),
    Choice(NONE, _("None of these yet"), alone=True),
)
DANGERS_DISCLOSED = frozenset({"dangers-in-product", "dangers-in-documentation", "dangers-in-terms"})


def touches_the_policy(answers: Answers) -> bool:
    """Whether the screening named a field of work or a subject of the policy."""
    return bool(values_of(answers, "aup_screening") - {NONE})


def _dangers_disclosed(answers: Answers) -> bool:
    return any_of(answers, "user_information", *DANGERS_DISCLOSED)


PRODUCT_FIELDS: tuple[Field, ...] = (
    Field(
        key="purpose",
        sheet="product",
        question=_("What does the product do with the model?"),
        why=_("Two or three sentences. Reviewers judge the use from them (LICENSE 1.b.iv)."),
        kind="text",
    ),
    Field(
        key="audience",
        sheet="product",
        question=_("Who receives it, or can use it?"),
        why=_("Copy, display and naming duties begin when it is distributed or made available (LICENSE 1.b.i)."),
        kind="choices",
        choices=AUDIENCE,
    ),
    Field(
        key="countries",
        sheet="product",
        question=_("In which countries is it offered or used?"),
        why=_("An approval names its countries, and trade rules differ by country (LICENSE 1.b.iv)."),
        kind="countries",
    ),
    Field(
        key="aup_screening",
        sheet="product",
        question=_("Does it touch any of these?"),
        why=_("Touching one is often allowed. It opens the items of the acceptable use policy that lawyers then read."),
        kind="choices",
        choices=SCREENING,
    ),
    Field(
        key="user_information",
        sheet="product",
        question=_("What are the people who use it told?"),
        why=_("Known dangers are disclosed (AUP 4), and others kept from prohibited use (AUP prohibited-uses)."),
        kind="choices",
        choices=USER_INFORMATION,
    ),
    Field(
        key="dangers_text",
        sheet="product",
        question=_("Which dangers are disclosed, and with which words?"),
        why=_("Helps the reviewer to see that the disclosure fits the system (AUP 4)."),
        kind="text",
        required=False,
        asked_when=_dangers_disclosed,
    ),
    Field(
        key="aup_items",
        sheet="product",
        question=_("Which prohibited uses does it come near?"),
        why=_(
            "Choose the items that a stranger could think of. Lawyers see all of them either way (AUP prohibited-uses)."
        ),
        kind="aup_items",
        asked_when=touches_the_policy,
    ),
    Field(
        key="aup_position",
        sheet="product",
        question=_("Does it do, or help with, something that the items list?"),
        why=_("The policy forbids the use, and letting others make it (AUP prohibited-uses)."),
        kind="choice",
        choices=(
            Choice("outside", _("No: it touches the subject and stays outside every item")),
            Choice("within", _("Yes: at least one item describes what it does")),
        ),
        asked_when=touches_the_policy,
    ),
    Field(
        key="aup_safeguards",
        sheet="product",
        question=_("What keeps it, and its users, outside them?"),
        why=_("Filters, human review, licensed people, contracts, age checks (AUP prohibited-uses)."),
        kind="text",
        asked_when=touches_the_policy,
    ),
)
