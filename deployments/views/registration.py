"""Registration: a start, the model, one question per page, and a list of all answers. It saves as it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deployments import access, addresses, policies
from deployments.actions.components import add_component
from deployments.actions.environments import add_deployment
from deployments.actions.products import copy_product, register_product
from deployments.actions.questions import answer_question, ask_colleague
from deployments.actions.sheets import put_model_sheet, save_model_answers, save_product_answers
from deployments.errors import DeploymentError
from deployments.forms.products import AskForm, CopyForm, ModelIdForm, StartForm
from deployments.forms.questions import QuestionForm
from deployments.models import ColleagueQuestion, LegalEntity, ModelSheet, Product
from deployments.queries import pressing_findings
from deployments.registration import (
    Question,
    find_question,
    next_question,
    options_for,
    progress_of,
    questions_for,
    questions_of,
    registration_tasks,
    sheet_for_registration,
)
from deployments.views.form_page import add_errors, form_page, posted, status_of
from foundation.accounts.access import person_of
from foundation.accounts.models import Team, User
from foundation.accounts.policy import require
from foundation.accounts.queries import memberships_of
from foundation.accounts.roles import Role


@require_http_methods(["GET", "POST"])
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """The first page: a name, the team, the company that uses the model."""
    person = person_of(request)
    require(policies.may_register(person))
    form = StartForm(posted(request), teams=teams_to_register_for(person))

    def start(entered: dict[str, Any]) -> str:
        product = register_product(name=entered["name"], team=entered["team"], licensee=entered["licensee"], by=person)
        component = add_component(product=product, name=_("Main model"), by=person)
        return addresses.model_url(component)

    return form_page(
        request,
        form=form,
        act=start,
        title=_("Register a product"),
        intro=_("About twelve short answers. Everything is saved as you go, and “not known yet” is always an answer."),
        submit=_("Save and continue"),
        back_url=reverse("deployments:product-list"),
        back_label=_("Products"),
    )


@require_http_methods(["GET", "POST"])
@login_required
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a registration with another product's answers."""
    person = person_of(request)
    source = access.get_product_for(person, reference)
    require(policies.may_register(person))
    initial = {"name": _("%(name)s, copy") % {"name": source.name}}
    form = CopyForm(posted(request), teams=teams_to_register_for(person), initial=initial)

    def start(entered: dict[str, Any]) -> str:
        product = copy_product(
            source=source, name=entered["name"], team=entered["team"], licensee=entered["licensee"], by=person
        )
        component = product.components.first() or add_component(product=product, name=_("Main model"), by=person)
        return addresses.model_url(component)

    return form_page(
        request,
        form=form,
        act=start,
        title=_("Register a product like %(name)s") % {"name": source.name},
        intro=_("Its answers, companies and component names come along as a draft. Versions and approvals do not."),
        submit=_("Copy and continue"),
        back_url=addresses.product_url(source),
        back_label=source.name,
    )


@require_http_methods(["GET", "POST"])
@login_required
def component_model(request: HttpRequest, reference: str) -> HttpResponse:
    """Which model runs in this component and, at the first time, where."""
    person = person_of(request)
    component = access.get_component_for(person, reference)
    product = component.product
    require(policies.may_edit_product(person, product))
    newest = component.model_sheets.order_by("-pk").first()
    initial = {"model_id": newest.raw_model_id if newest else "", "environment": _("Production"), "is_production": True}
    form = ModelIdForm(posted(request), initial=initial)
    if product.deployments.exists():
        del form.fields["environment"], form.fields["is_production"]

    def keep(entered: dict[str, Any]) -> str:
        if entered.get("environment"):
            add_deployment(
                product=product, name=entered["environment"], is_production=entered["is_production"], by=person
            )
        model_id = entered["model_id"]
        sheet = newest
        if newest is None or newest.version_id is None:  # a confirmed sheet changes only where a version is chosen
            sheet = put_model_sheet(component=component, version=None, raw_model_id=model_id, by=person)
        if model_id:
            return addresses.choose_model_url(component, model_id)
        assert sheet is not None
        return reverse("deployments:register-model", args=[sheet.reference])

    return form_page(
        request,
        form=form,
        act=keep,
        title=_("The model"),
        intro=_(
            "Each Llama version has an agreement of its own, so the id decides what is asked next (LICENSE, preamble)."
        ),
        submit=_("Save and continue"),
        back_url=addresses.registration_url(product),
        back_label=_("Registration of %(name)s") % {"name": product.name},
    )


@require_safe
@login_required
def registration(request: HttpRequest, reference: str) -> HttpResponse:
    """The task list: what is answered, what is open, what waits for a colleague."""
    person = person_of(request)
    product = access.get_product_for(person, reference)
    sheet = sheet_for_registration(product, request.GET.get("sheet", ""))
    questions = questions_of(sheet) if sheet else []
    context = {
        "product": product,
        "sheet": sheet,
        "sheets": _sheets_of(product),
        "may_edit": policies.may_edit_product(person, product),
        "sections": registration_tasks(product, sheet, questions, person),
        "answered": sum(1 for one in questions if one.is_needed and one.is_answered),
        "needed": sum(1 for one in questions if one.is_needed),
        "declare_url": addresses.declare_url(sheet) if sheet and policies.may_declare(person, product) else None,
        "findings": pressing_findings(sheet) if sheet else [],
        "version": sheet.version.slug if sheet and sheet.version else "",
    }
    return render(request, "deployments/registration.html", context)


@require_safe
@login_required
def next_step(request: HttpRequest, reference: str) -> HttpResponse:
    """Go to the first question that nobody has answered, else to the list of all answers."""
    person = person_of(request)
    sheet = access.get_sheet_for(person, reference)
    return redirect(next_address(sheet, person))


def next_address(sheet: ModelSheet, person: User) -> str:
    """Where the walk goes from here for this person: to a question that they may answer, and to no shut door."""
    question = next_question(questions_for(person, sheet, questions_of(sheet)))
    if question is not None:
        return addresses.question_url(sheet, question.kind, question.field.key)
    product = sheet.component.product
    if policies.may_declare(person, product):
        return addresses.declare_url(sheet)
    return addresses.registration_url(product, sheet)


@require_http_methods(["GET", "POST"])
@login_required
def question(request: HttpRequest, reference: str, kind: str, key: str) -> HttpResponse:
    """One question on a page of its own."""
    person = person_of(request)
    sheet = access.get_sheet_for(person, reference)
    questions = questions_of(sheet)
    current = _question_or_404(questions, kind, key)
    owner_of_answer = None if current.kind == "product" else sheet
    product = sheet.component.product
    require(policies.may_edit_field(person, product, key, sheet=owner_of_answer))
    form = _form_for(current, sheet, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _save(product, owner_of_answer, key, form.cleaned_data["value"], person)
        except DeploymentError as error:
            form.add_error("answer", error.fields.get(key, str(error)))
        else:
            fresh = access.get_sheet_for(person, reference)
            return redirect(next_address(fresh, person))
    context = {
        "form": form,
        "question": current,
        "product": product,
        "sheet": sheet,
        "progress": progress_of(questions, current),
        "back_url": _back_url(questions_for(person, sheet, questions), current, sheet),
        "ask_url": addresses.ask_url(sheet, kind, key) if policies.may_ask(person, product) else None,
    }
    return render(request, "deployments/question.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: HttpRequest, reference: str, kind: str, key: str) -> HttpResponse:
    """Ask a colleague for one answer, and go on."""
    person = person_of(request)
    sheet = access.get_sheet_for(person, reference)
    questions = questions_of(sheet)
    current = _question_or_404(questions, kind, key)
    product = sheet.component.product
    require(policies.may_ask(person, product))

    def send(entered: dict[str, Any]) -> str:
        ask_colleague(
            product=product,
            sheet=None if current.kind == "product" else sheet,
            field_key=key,
            asked_of=entered["asked_of"],
            note=entered["note"],
            by=person,
        )
        later = questions[questions.index(current) + 1 :]
        following = next_question(later)
        if following is None:
            return addresses.registration_url(product)
        return addresses.question_url(sheet, following.kind, following.field.key)

    return form_page(
        request,
        form=AskForm(posted(request), asker=person),
        act=send,
        title=_("Ask a colleague"),
        intro=_(current.field.question),
        submit=_("Ask and continue"),
        done=_("Your question is sent. You can go on; the answer arrives on the sheet."),
        back_url=addresses.question_url(sheet, kind, key),
        back_label=_("Back to the question"),
    )


@require_http_methods(["GET", "POST"])
@login_required
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """The page of somebody who was asked."""
    person = person_of(request)
    asked = (
        ColleagueQuestion.objects.select_related(
            "product__sheet", "product__team", "sheet__version", "asked_by", "asked_of"
        )
        .filter(pk=key, product__in=Product.objects.visible_to(person))
        .first()
    )
    if asked is None:
        raise Http404(_("There is no such question to you."))
    sheet = asked.sheet or sheet_for_registration(asked.product)
    if sheet is None:
        raise Http404(_("The product has no model sheet yet."))
    current = find_question(questions_of(sheet), "product" if asked.sheet_id is None else "model", asked.field_key)
    if current is None or asked.answered_at is not None:
        return render(request, "deployments/answered.html", {"asked": asked, "product": asked.product})
    require(policies.may_edit_field(person, asked.product, asked.field_key, sheet=asked.sheet))
    form = _form_for(current, sheet, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            answer_question(
                question=asked, value=form.cleaned_data["value"], note=request.POST.get("note", ""), by=person
            )
        except DeploymentError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Thank you. Your answer stands on the sheet."))
            return redirect(addresses.product_url(asked.product))
    context = {"form": form, "question": current, "asked": asked, "product": asked.product, "sheet": sheet}
    return render(request, "deployments/answer.html", context, status=status_of(form))


def teams_to_register_for(person: User) -> list[Team]:
    """The teams in which a person may register products; all of them where the role is for the whole company."""
    owning = [one for one in memberships_of(person) if one.role == Role.PRODUCT_OWNER]
    if any(one.team_id is None for one in owning):
        return list(Team.objects.order_by("name"))
    return [one.team for one in owning if one.team is not None]


def _sheets_of(product: Product) -> list[ModelSheet]:
    return list(
        ModelSheet.objects.filter(component__product=product)
        .select_related("component", "version")
        .order_by("component", "-pk")
    )


def _question_or_404(questions: list[Question], kind: str, key: str) -> Question:
    current = find_question(questions, kind, key)
    if current is None:
        raise Http404(_("This question is not asked here: the other answers do not call for it."))
    return current


def _form_for(current: Question, sheet: ModelSheet, data: Any) -> QuestionForm:
    initial = current.answer if current.is_answered else current.proposal
    homes = LegalEntity.objects.values_list("country", flat=True) if current.field.kind == "countries" else ()
    return QuestionForm(
        data, field=current.field, answer=initial, options=options_for(current.field, sheet), home_countries=homes
    )


def _save(product: Product, sheet: ModelSheet | None, key: str, value: Any, person: User) -> None:
    if sheet is None:
        save_product_answers(product=product, answers={key: value}, by=person)
    else:
        save_model_answers(sheet=sheet, answers={key: value}, by=person)


def _back_url(questions: list[Question], current: Question, sheet: ModelSheet) -> str:
    place = questions.index(current)
    if not place:
        return addresses.registration_url(sheet.component.product, sheet)
    before = questions[place - 1]
    return addresses.question_url(sheet, before.kind, before.field.key)
