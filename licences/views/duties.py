"""What would apply? Six facts in, a duty sheet out; nothing is kept. And the two small files to take along."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from foundation.accounts.company_day import company_day
from licences.access import get_version
from licences.duty_sheet import duty_sheet
from licences.forms.asking import SixFactsForm
from licences.queries import terms_for
from licences.terms_now import versions_now


@require_safe
@login_required
def what_would_apply(request: HttpRequest) -> HttpResponse:
    """The form, and under it the sheet. The facts stand in the address, so that a link opens the same sheet."""
    every = versions_now()
    asked = "version" in request.GET
    form = SixFactsForm(request.GET if asked else None, versions=[version for version, _terms in every])
    sheet, version = None, None
    if asked and form.is_valid():
        version, terms = next(one for one in every if one[0].slug == form.cleaned_data["version"])
        sheet = duty_sheet(form.facts(), terms, with_progress=False)
    status = 422 if asked and sheet is None else 200
    context = {
        "form": form,
        "sheet": sheet,
        "version": version,
        "some": bool(every),
        "today": company_day(timezone.now()),
    }
    return render(request, "licences/duties.html", context, status=status)


@require_safe
@login_required
def notice_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The file named Notice with the line that this version gives (LICENSE 1.b.iii).

    A merge carries one line for each version in it: `?with=llama-3` adds that version's.
    """
    slugs = dict.fromkeys([slug, *request.GET.getlist("with")])
    lines = [terms_for(get_version(one)).notice for one in slugs]
    return _attached("Notice", "text/plain; charset=utf-8", "".join(f"{line}\n" for line in lines))


@require_safe
@login_required
def attribution_snippet(request: HttpRequest, slug: str) -> HttpResponse:
    """The display (LICENSE 1.b.i) as a piece of HTML; 404 where the version has none."""
    display = terms_for(get_version(slug)).display
    if display is None:
        raise Http404
    return _attached(f"attribution-{slug}.html", "text/plain; charset=utf-8", format_html("<p>{}</p>\n", display.text))


def _attached(name: str, content_type: str, content: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
