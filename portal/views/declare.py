"""Check your answers, see what legal will ask, declare."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments.access import get_sheet_for
from deployments.errors import DeploymentError
from deployments.policies import may_declare
from deployments.queries import declaration_statement, draft_findings, licensee_of
from deployments.registration import answers_to_check
from foundation.accounts.access import person_of
from foundation.accounts.errors import AccountError
from foundation.accounts.policy import require
from foundation.accounts.proving import prove_url
from foundation.accounts.queries import open_proof
from licences.obligations import place_of
from reviews.actions.declare_facts import declare_facts
from reviews.errors import ReviewError
from reviews.states import WrongState


@login_required
@require_http_methods(["GET", "POST"])
def declare_page(request: HttpRequest, reference: str) -> HttpResponse:
    person = person_of(request)
    sheet = get_sheet_for(person, reference)
    product = sheet.component.product
    require(may_declare(person, product))
    errors: list[str] = []
    if request.method == "POST":
        try:
            review = declare_facts(
                sheet=sheet,
                by=person,
                session_key=request.session.session_key or "",
                password=request.POST.get("password", ""),
                statement_digest=request.POST.get("statement_digest", ""),
            )
        except (ReviewError, DeploymentError, AccountError, WrongState) as error:
            errors = [str(error)]
        else:
            messages.success(request, _("Declared. %(review)s is with legal now.") % {"review": review.reference})
            return redirect("reviews:detail", review.reference)
        sheet = get_sheet_for(person, reference)
    statement = declaration_statement(sheet)
    proof = open_proof(person=person, session_key=request.session.session_key or "", statement_digest=statement.digest)
    findings = draft_findings(sheet)
    context = {
        "sheet": sheet,
        "product": product,
        "licensee": licensee_of(product),
        "sections": answers_to_check(sheet),
        "statement": statement,
        "findings": sorted(
            (finding for finding in findings if finding.status != "not_applicable"),
            key=lambda finding: place_of(finding.status),
        ),
        "errors": errors,
        "proof": proof.get_method_display() if proof else "",
        "reauthenticate_url": prove_url(statement_digest=statement.digest, next=request.get_full_path()),
    }
    return render(request, "portal/declare.html", context, status=422 if errors else 200)
