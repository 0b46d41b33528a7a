"""Download a text; add one; accept or refuse one that was kept apart."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.access import person_of
from foundation.accounts.policy import require
from foundation.files import store
from licences import actions
from licences.access import get_kind, get_text, get_version
from licences.errors import LicenceError
from licences.forms.texts import AddTextForm, DecisionForm
from licences.models import LicenceText, LlamaVersion, TextKind, TextStanding
from licences.policies import may_decide_texts
from licences.queries import current_text
from licences.views.version import version_context


@require_safe
@login_required
def raw(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The bytes as they were published: the current text, or the one that ?sha256= names. Never shown as a page."""
    version, wanted = get_version(slug), get_kind(kind)
    sha256 = request.GET.get("sha256", "")
    text = get_text(version, sha256, wanted) if sha256 else current_text(version, wanted)
    if text is None:
        raise Http404
    answer = HttpResponse(store.read(text.sha256), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(text, slug)}"'
    return answer


def _file_name(text: LicenceText, slug: str) -> str:
    name = "LICENSE.txt" if text.kind == TextKind.AGREEMENT else "USE_POLICY.txt"
    return f"{slug}-{name}" if text.is_current else f"{slug}-{text.sha256[:8]}-{name}"


@require_POST
@login_required
def add_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Take in a copy of a text that a lawyer uploads, or have it fetched from the address that they give."""
    require(may_decide_texts(person_of(request)))
    version = get_version(slug)
    form = AddTextForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            place = (
                _fetch_later(request, version, form) if form.cleaned_data["address"] else _add(request, version, form)
            )
        except LicenceError as error:
            form.add_error("address" if form.cleaned_data["address"] else "file", str(error))
        else:
            return redirect(f"{reverse('licences:version', args=[slug])}#{place}")
    return render(request, "licences/version.html", version_context(request, slug, add_form=form), status=422)


def _add(request: HttpRequest, version: LlamaVersion, form: AddTextForm) -> str:
    """Take in the upload; where on the page it stands now."""
    upload = form.cleaned_data["file"]
    text = actions.add_text(
        version=version,
        kind=TextKind(form.cleaned_data["kind"]),
        data=upload.data,
        filename=upload.name,
        source=form.cleaned_data["source"],
        by=person_of(request),
    )
    messages.success(request, _("Added: %(label)s.") % {"label": text.label.rstrip(".")})
    return "candidates" if text.standing == TextStanding.CANDIDATE else "sources"


def _fetch_later(request: HttpRequest, version: LlamaVersion, form: AddTextForm) -> str:
    """Leave the address to a worker; where on the page it will say what came of it."""
    kind, address = TextKind(form.cleaned_data["kind"]), form.cleaned_data["address"]
    actions.ask_for_text(version=version, kind=kind, address=address, by=person_of(request))
    messages.success(request, _("On its way: a worker fetches the address. This page says what came of it."))
    return "brought"


@require_POST
@login_required
def accept_text(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """New reviews rely on this text from now."""
    return _decide(request, slug, sha256, accept=True)


@require_POST
@login_required
def refuse_text(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """This text is not relied on."""
    return _decide(request, slug, sha256, accept=False)


def _decide(request: HttpRequest, slug: str, sha256: str, *, accept: bool) -> HttpResponse:
    person = person_of(request)
    require(may_decide_texts(person))
    version = get_version(slug)
    text = get_text(version, sha256)
    form = DecisionForm(request.POST, auto_id=f"id_{text.pk}_%s")
    if form.is_valid():
        act = actions.accept_text if accept else actions.refuse_text
        try:
            act(text=text, by=person, note=form.cleaned_data["note"])
        except LicenceError as error:
            form.add_error(None, str(error))
        else:
            done = _("Accepted. New reviews rely on it.") if accept else _("Refused. It stays here, with your reason.")
            messages.success(request, done)
            return redirect(f"{reverse('licences:version', args=[slug])}#sources")
    context = version_context(request, slug, decision_form=form, decided=text.pk)
    return render(request, "licences/version.html", context, status=422)
