"""The model sheet: one model in one product, under one Llama version."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from licences.facts_fields import NONE, Answers, Choice, Field, any_of, values_of
from licences.terms import Terms

ROUTES = (
    Choice("meta-download", _("Downloaded from Meta"), _("Meta’s site, or Meta’s organisation on a model hub")),
    Choice("redistributor", _("Weights from someone else"), _("A quantised copy, a fine-tune, a mirror")),
    Choice("provider-api", _("A provider’s API"), _("The provider runs the model; we send requests")),
    Choice("embedded", _("Inside a product that we bought")),
    Choice("customer-hosted", _("Our customers host the model themselves")),
)
MODEL_USES = (
    Choice("changed", _("We change it"), _("Fine-tuning, adapters, merging, quantising, pruning")),
    Choice("outputs", _("Its outputs help to make or improve a model"), _("Synthetic data, distillation, grading")),
    Choice("passed-on", _("We give weights, or a changed copy, to others")),
    Choice(NONE, _("None of these: we run it as it is"), alone=True),
)
AVAILABILITY = (
    Choice("no", _("No: only inside our own company")),
    Choice("service", _("Yes: others use it through a product or service")),
    Choice("weights", _("Yes: others get the weights")),
)
CHANGE_KINDS = (
    Choice("fine-tuned", _("Fine-tuned or trained further")),
    Choice("adapter", _("An adapter beside the weights")),
    Choice("merged", _("Merged with other models")),
    Choice("quantised", _("Quantised or converted")),
    Choice("pruned", _("Pruned, or distilled from the weights")),
)
OUTPUT_USES = (
    Choice("same-version", _("A model of this same Llama version, or made from it")),
    Choice("other-llm", _("Another large language model, also one of another Llama version")),
    Choice("other-ai", _("An AI model that is no large language model")),
    Choice("no-model", _("No model is made or improved: evaluation or reporting only"), alone=True),
)
ANCESTOR_ROLES = (
    Choice("weights", _("Their weights are in it"), _("It was merged with them, or made from them")),
    Choice("outputs", _("Their outputs helped to make or improve it"), _("Synthetic data, distillation, grading")),
)
RECIPIENTS = (
    Choice("affiliates", _("Other companies of the group")),
    Choice("contractors", _("Contractors")),
    Choice("customers", _("Customers or partners")),
    Choice("public", _("The public")),
)
DISTRIBUTION_FILES = (
    Choice("agreement", _("A copy of the agreement")),
    Choice("notice", _("A text file named Notice with the attribution line")),
    Choice(NONE, _("Neither yet"), alone=True),
)
# The five places that 1.b.i names come first; any one of them is enough.
DISPLAY_PLACES = (
    Choice("website", _("The required display, on a related website")),
    Choice("user-interface", _("The required display, in the user interface")),
    Choice("blogpost", _("The required display, in a blog post")),
    Choice("about-page", _("The required display, on an about page")),
    Choice("product-documentation", _("The required display, in the product documentation")),
)
OTHER_MARKS = (
    Choice("product-name", _("In the name of the product itself")),
    Choice("marketing", _("As a logo, or in marketing beyond the required display")),
)
DISPLAY_PLACE_KEYS = frozenset(choice.value for choice in DISPLAY_PLACES)
OTHER_MARK_KEYS = frozenset(choice.value for choice in OTHER_MARKS)
MADE_AVAILABLE = frozenset({"service", "weights"})


def is_changed(answers: Answers) -> bool:
    """Whether we make a model of our own from it."""
    return any_of(answers, "model_uses", "changed")


def uses_outputs(answers: Answers) -> bool:
    """Whether its outputs help to make or improve a model."""
    return any_of(answers, "model_uses", "outputs")


def passes_weights_on(answers: Answers) -> bool:
    """Whether somebody else gets copies of the materials from us."""
    return (
        any_of(answers, "model_uses", "passed-on")
        or any_of(answers, "route", "customer-hosted")
        or any_of(answers, "derived_available", "weights")
    )


def _has_governing_terms(answers: Answers) -> bool:
    return any_of(answers, "route", "redistributor", "provider-api", "embedded")


def has_a_base(answers: Answers) -> bool:
    """Whether the model is, or may be, a copy that somebody changed."""
    return is_changed(answers) or any_of(answers, "route", "redistributor")


def _has_ancestors(answers: Answers) -> bool:
    return has_a_base(answers) and bool(values_of(answers, "ancestors") - {NONE})


def _makes_a_model_from_outputs(answers: Answers) -> bool:
    return uses_outputs(answers) and bool(values_of(answers, "output_uses") - {"no-model"})


def _ships_a_notice(answers: Answers) -> bool:
    return passes_weights_on(answers) and any_of(answers, "distribution_files", "notice")


def _shows_the_display(answers: Answers) -> bool:
    return any_of(answers, "attribution_places", *DISPLAY_PLACE_KEYS)


def _has_a_display(terms: Terms) -> bool:
    return terms.display is not None


MODEL_FIELDS: tuple[Field, ...] = (
    Field(
        key="model_id",
        sheet="model",
        question=_("Which model runs?"),
        why=_("Paste the id as your code or your provider writes it. Each Llama version has an agreement of its own."),
        kind="model_id",
    ),
    Field(
        key="version",
        sheet="model",
        question=_("Which Llama version is that?"),
        why=_("A name is a hint; you confirm the version. Every version has its own terms (LICENSE acceptance)."),
        kind="version",
        prefilled="model names",
    ),
    Field(
        key="version_rule",
        sheet="model",
        question=_("The rule that proposed the version"),
        why=_("Kept so that others see how the version was found."),
        kind="record",
        material=False,
        required=False,
    ),
    Field(
        key="version_confirmed_by",
        sheet="model",
        question=_("Who confirmed the version"),
        why=_("Kept so that others can ask."),
        kind="record",
        material=False,
        required=False,
    ),
    Field(
        key="multimodal",
        sheet="model",
        question=_("Is it a multimodal model?"),
        why=_("The model counts, not what you send it: the AUP’s EU paragraph speaks of models."),
        kind="yes_no",
        prefilled="catalogue",
        asked_under=lambda terms: terms.eu_multimodal is not None,
    ),
    Field(
        key="route",
        sheet="model",
        question=_("Where does the model come from?"),
        why=_("It decides who accepted the agreement, and what you hold (LICENSE acceptance, 1.b.i, 1.b.ii)."),
        kind="choice",
        choices=ROUTES,
    ),
    Field(
        key="governing_terms",
        sheet="model",
        question=_("From whom, and under which terms?"),
        why=_("Their terms come on top of Meta’s agreement and do not replace it (LICENSE acceptance)."),
        kind="text",
        asked_when=_has_governing_terms,
    ),
    Field(
        key="model_uses",
        sheet="model",
        question=_("Do you do any of these with it?"),
        why=_("Changing it, learning from its outputs and passing it on each bring duties of their own (LICENSE 1.b)."),
        kind="choices",
        choices=MODEL_USES,
    ),
    Field(
        key="base_model",
        sheet="model",
        question=_("Which model was it made from?"),
        why=_("Terms follow the base, whatever the copy is called or tagged (LICENSE definition.llama, 1.b.i)."),
        kind="model_id",
        asked_when=has_a_base,
    ),
    Field(
        key="ancestors",
        sheet="model",
        question=_("Which other Llama versions stand behind it?"),
        why=_("Merges and chains keep the duties of every ancestor’s version (LICENSE 1.b.i, 1.b.iii)."),
        kind="versions",
        asked_when=has_a_base,
    ),
    Field(
        key="ancestor_roles",
        sheet="model",
        question=_("How do those other versions stand behind it?"),
        why=_(
            "Weights bring every duty. Outputs alone bring the ban (LICENSE 1.b.v) or the name duty (LICENSE 1.b.i)."
        ),
        kind="choices",
        choices=ANCESTOR_ROLES,
        asked_when=_has_ancestors,
    ),
    Field(
        key="change_kinds",
        sheet="model",
        question=_("How is it changed?"),
        why=_("You may change it and you own your changes (LICENSE 1.a, 5.b)."),
        kind="choices",
        choices=CHANGE_KINDS,
        asked_when=is_changed,
    ),
    Field(
        key="tuned_on",
        sheet="model",
        question=_("On which data, or with which models?"),
        why=_("Personal data and other people’s rights matter (AUP 1.e, 1.f), and so do other models’ terms."),
        kind="text",
        asked_when=is_changed,
    ),
    Field(
        key="derived_available",
        sheet="model",
        question=_("Is the changed model made available to others?"),
        why=_("The name duty begins when the model is distributed or made available (LICENSE 1.b.i)."),
        kind="choice",
        choices=AVAILABILITY,
        asked_when=is_changed,
    ),
    Field(
        key="derived_name",
        sheet="model",
        question=_("What is the changed model called?"),
        why=_("From Llama 3 on, its name must begin with the words that the version demands (LICENSE 1.b.i)."),
        kind="text",
        asked_when=is_changed,
    ),
    Field(
        key="output_uses",
        sheet="model",
        question=_("Which models do its outputs help to make or improve?"),
        why=_("Llama 2 and 3 forbid improving other large language models (LICENSE 1.b.v)."),
        kind="choices",
        choices=OUTPUT_USES,
        asked_when=uses_outputs,
    ),
    Field(
        key="output_model_available",
        sheet="model",
        question=_("Is that model made available to others?"),
        why=_("The name duty begins when the model is distributed or made available (LICENSE 1.b.i)."),
        kind="choice",
        choices=AVAILABILITY,
        asked_when=_makes_a_model_from_outputs,
    ),
    Field(
        key="output_model_name",
        sheet="model",
        question=_("What is that model called?"),
        why=_("From Llama 3.1 on, learning from outputs is enough for the name duty (LICENSE 1.b.i)."),
        kind="text",
        asked_when=_makes_a_model_from_outputs,
    ),
    Field(
        key="recipients",
        sheet="model",
        question=_("Who gets the weights?"),
        why=_("Llama 2 speaks of third parties, later versions name none (LICENSE 1.b.i)."),
        kind="choices",
        choices=RECIPIENTS,
        asked_when=passes_weights_on,
    ),
    Field(
        key="distribution_files",
        sheet="model",
        question=_("Which files go with the weights?"),
        why=_("A copy of the agreement (LICENSE 1.b.i) and the Notice file (LICENSE 1.b.iii) travel with every copy."),
        kind="choices",
        choices=DISTRIBUTION_FILES,
        asked_when=passes_weights_on,
    ),
    Field(
        key="notice_text",
        sheet="model",
        question=_("What does the Notice file say?"),
        why=_("The line is given word for word (LICENSE 1.b.iii)."),
        kind="text",
        prefilled="catalogue",
        asked_when=_ships_a_notice,
    ),
    Field(
        key="attribution_places",
        sheet="model",
        question=_("Where does Llama’s name appear?"),
        why=_("One of the first five is enough (LICENSE 1.b.i); other use of the mark is narrow (LICENSE 5.a)."),
        kind="choices",
        choices=(*DISPLAY_PLACES, *OTHER_MARKS, Choice(NONE, _("Nowhere yet"), alone=True)),
    ),
    Field(
        key="attribution_text",
        sheet="model",
        question=_("Which words are displayed?"),
        why=_("Each version gives its own words, and they differ (LICENSE 1.b.i)."),
        kind="text",
        prefilled="catalogue",
        asked_when=_shows_the_display,
        asked_under=_has_a_display,
    ),
    Field(
        key="attribution_address",
        sheet="model",
        question=_("At which address can it be seen?"),
        why=_("So that somebody can look. A sighting is dated and kept beside the facts."),
        kind="text",
        material=False,
        required=False,
        asked_when=_shows_the_display,
        asked_under=_has_a_display,
    ),
    Field(
        key="attribution_owner",
        sheet="model",
        question=_("Who keeps the display in place?"),
        why=_("A name to ask; the attribution owner signs in the review."),
        kind="text",
        material=False,
        required=False,
        asked_when=_shows_the_display,
        asked_under=_has_a_display,
    ),
)
