"""Retire a product. It ends reviews and approvals, so the page lies above both rooms."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deployments.access import get_product_for
from deployments.addresses import product_url
from deployments.forms.products import RetireForm
from deployments.policies import may_retire
from deployments.views.form_page import form_page, posted
from foundation.accounts.access import person_of
from foundation.accounts.policy import require
from reviews.actions.retire_product import retire_product


@login_required
@require_http_methods(["GET", "POST"])
def retire_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, and say what it ends."""
    person = person_of(request)
    product = get_product_for(person, reference)
    require(may_retire(person, product))

    def retire(entered: dict[str, Any]) -> str:
        retire_product(product=product, reason=entered["reason"], by=person)
        return product_url(product)

    return form_page(
        request,
        form=RetireForm(posted(request)),
        act=retire,
        title=_("Retire %(name)s") % {"name": product.name},
        intro=_(
            "Its record stays. Open reviews are withdrawn, approvals end, and what still runs is recorded as stopped "
            "now. For every version that it ran, a stop duty is opened: stop, delete, certify."
        ),
        submit=_("Retire the product"),
        done=_("The product is retired. Its stop duties are listed below."),
        danger=True,
        back_url=product_url(product),
        back_label=product.name,
    )
