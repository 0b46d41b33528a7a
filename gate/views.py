"""The same question as a pipeline's, asked by a person."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from deployments.models import Product
from foundation.accounts.access import person_of
from gate.actions import ask
from gate.models import GateAnswer


class QuestionForm(forms.Form):
    product = forms.CharField(
        label=_("Product"),
        max_length=40,
        help_text=_("Its reference, like PRD-00031."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    environment = forms.CharField(label=_("Environment"), max_length=120, help_text=_("Its name, like Production EU."))
    model = forms.CharField(label=_("Model"), max_length=300, help_text=_("The model id, as the product names it."))


@login_required
@require_http_methods(["GET", "POST"])
def ask_page(request: HttpRequest) -> HttpResponse:
    """Asking is a POST because every answer is kept."""
    person = person_of(request)
    form = QuestionForm(request.POST or None, initial=request.GET.dict())
    said = None
    if request.method == "POST" and form.is_valid():
        said = ask(person=person, **form.cleaned_data)
    visible = Product.objects.visible_to(person)
    recent = GateAnswer.objects.filter(person=person).order_by("-pk")[:10]
    context = {"form": form, "said": said, "recent": recent, "any_product": visible.exists()}
    return render(request, "gate/ask.html", context, status=422 if form.is_bound and form.errors else 200)
