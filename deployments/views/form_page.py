"""A page that is one form, and what becomes of the sentences that an action refuses with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from deployments.errors import DeploymentError


def form_page(
    request: HttpRequest,
    *,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    title: str,
    submit: str,
    back_url: str,
    back_label: str,
    intro: str = "",
    done: str = "",
    danger: bool = False,
    links: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Show the form; on POST call `act` with what was entered and go to the address that it returns."""
    if request.method == "POST" and form.is_valid():
        try:
            address = act(form.cleaned_data)
        except DeploymentError as error:
            add_errors(form, error)
        else:
            if done:
                messages.success(request, done)
            return redirect(address)
    context = {
        "form": form,
        "page_title": title,
        "intro": intro,
        "submit": submit,
        "back_url": back_url,
        "back_label": back_label,
        "danger": danger,
        "links": links,
    }
    return render(request, "deployments/form_page.html", context, status=status_of(form))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also when it is empty: a form without a ticked box is an answer that must be refused."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> MultiValueDict[str, UploadedFile[bytes]] | None:
    """The files that came with what was posted."""
    return request.FILES if request.method == "POST" else None


def status_of(form: forms.Form) -> int:
    """422 where something must be corrected."""
    return 422 if form.is_bound and form.errors else 200


def add_errors(form: forms.Form, error: DeploymentError) -> None:
    """Put each sentence beside its field; one without a field stands above the form."""
    placed = False
    for name, sentence in error.fields.items():
        form.add_error(name if name in form.fields else None, sentence)
        placed = True
    if not placed:
        form.add_error(None, str(error))
