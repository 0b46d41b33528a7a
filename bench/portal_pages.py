"""What is measured of the portal: the requests, made from the rows that are there."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from bench.client import Ask
from bench.figures import Budget
from bench.seed import Company
from bench.speed import CHANGE, CSRF, KEY, LIST, LONG, Page, Scale
from deployments.models import Product, Rollout
from foundation.accounts.actions import make_proof
from foundation.accounts.models import User
from licences.models import LlamaVersion
from reviews.actions.sign_step import prepare_statement
from reviews.models import Review
from tests.cast import PASSWORD

FORM = {"X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}


class Visit:
    """A signed-in person, as the cookie that their browser sends."""

    def __init__(self, person: User) -> None:
        client = Client()
        client.force_login(person)
        self.person = person
        self.key = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.key}; csrftoken={CSRF}"}

    def get(self, path: str) -> Ask:
        return Ask(path, headers=self.cookie)

    def post(self, path: str, expect: int = 302, **fields: str) -> Ask:
        return Ask(path, "POST", urlencode(fields).encode(), self.cookie | FORM, expect)


def spread(values: Sequence[str], number: int = 400) -> list[str]:
    """Some of many, taken from everywhere among them."""
    return list(values[:: max(1, len(values) // number)])


def pages(company: Company, scale: Scale) -> list[Page]:
    """Everything that has a budget, and the neighbours that should be as quick."""
    rita, leo, owner = Visit(company.cast.rita), Visit(company.cast.leo), Visit(company.teams[0][1])
    running = spread([row.reference for row in Product.objects.filter(components__rollouts__running=True).distinct()])
    signing = waiting_for(company.cast.leo)
    numbers = [str(number) for number in range(1, scale.products // 25)]

    def cycle(values: Sequence[str], ask: Callable[[str], Ask]) -> Iterator[Ask]:
        return (ask(value) for value in itertools.cycle(values))

    slugs = list(LlamaVersion.objects.values_list("slug", flat=True))
    pairs = [f"{old}/{new}" for old, new in itertools.pairwise(slugs)]
    compared = cycle(pairs, lambda pair: rita.get(f"/licences/compare/{pair}/"))
    listed = cycle(numbers, lambda page: rita.get(f"/products/?page={page}"))
    return [
        Page("product list", listed, LIST, Budget(2.0)),
        Page(
            "product list, one team's",
            cycle(["1", "2"], lambda p: owner.get(f"/products/?page={p}")),
            LIST,
            Budget(2.0),
        ),
        Page("portfolio", cycle(numbers, lambda page: rita.get(f"/portfolio/?page={page}")), LIST, Budget(2.0)),
        Page(
            "review list", cycle(numbers, lambda page: rita.get(f"/reviews/?state=all&page={page}")), LIST, Budget(2.0)
        ),
        Page(
            "filter by version",
            cycle(numbers, lambda page: rita.get(f"/products/?version=llama-3.3&page={int(page) // 8 + 1}")),
            LIST,
            Budget(2.5),
        ),
        Page("search", cycle(numbers, lambda text: rita.get(f"/search/?q=reader+{text}")), LIST, Budget(2.5)),
        Page("product page", cycle(running, lambda one: rita.get(f"/products/{one}/")), KEY, Budget(3.0)),
        Page(
            "review page with redline",
            cycle(spread([review.reference for review in signing]), lambda one: leo.get(f"/reviews/{one}/")),
            KEY,
            Budget(4.0),
        ),
        Page("licence version", cycle(slugs, lambda slug: rita.get(f"/licences/{slug}/")), LONG, Budget(3.0)),
        Page("compare two versions", compared, LONG, Budget(3.0)),
        Page("gate", gate_asks(company.token), KEY, Budget(2.0)),
    ]


def sign_offs(company: Company, scale: Scale) -> list[Page]:
    """The last signature of a review, which approves: with a proof that is there already, and with the password."""
    leo = Visit(company.cast.leo)
    waiting = waiting_for(company.cast.leo)
    proved = len(waiting) - scale.passwords
    wanted = min(proved, 2 * scale.signatures + 1)
    by_proof = [_signature(leo, review, password="") for review in waiting[:wanted]]
    by_password = [_signature(leo, review, password=PASSWORD) for review in waiting[wanted : wanted + scale.passwords]]
    return [
        Page("sign-off, proof made before", iter(by_proof), CHANGE, Budget(4.0), fewer=(wanted - 1) // 2),
        Page("sign-off with password", iter(by_password), CHANGE, fewer=scale.passwords, crowd=False),
    ]


def waiting_for(approver: User) -> list[Review]:
    """Reviews on which only the approver's signature is missing."""
    rows = Review.objects.filter(state="signing", steps__key="approver", steps__sign_off=None)
    return list(
        rows.select_related("component__product", "sheet", "licensee", "agreement", "aup", "version").order_by("pk")
    )


def _signature(visit: Visit, review: Review, *, password: str) -> Ask:
    statement = prepare_statement(review=review, step_key="approver", by=visit.person)
    if not password:  # what the page of the authenticator app leaves behind
        make_proof(person=visit.person, session_key=visit.key, statement_digest=statement.digest, method="totp")
    return visit.post(
        f"/reviews/{review.reference}/sign/approver/",
        statement_digest=statement.digest,
        parts_shown=statement.parts_shown,
        password=password,
    )


def gate_asks(token: str) -> Iterator[Ask]:
    """Questions that the gate allows, each about another product."""
    rollouts = Rollout.objects.filter(deployment__is_production=True, approval__isnull=False).select_related(
        "deployment", "component__product"
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    bodies = [
        json.dumps(
            {"product": row.component.product.reference, "environment": row.deployment.name, "model": row.raw_model_id}
        )
        for row in rollouts.order_by("pk")
    ]
    return (Ask("/api/v1/gate/check", "POST", body.encode(), headers) for body in itertools.cycle(spread(bodies)))
