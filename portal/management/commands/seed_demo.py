"""Fill a demo with Norrbro Group, its people and its products."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from deployments.errors import DeploymentError
from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.products import plan_named
from portal.demo.seeding import Seeded, is_seeded, product_of, seed

ASKED_ABOUT = "meeting-notes"


class Command(BaseCommand):
    """`manage.py seed_demo` makes what is missing and prints who can sign in. Quick, and idle, the second time."""

    help = "Fill a demo with Norrbro Group: people in every role and twelve products on all six versions."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo's passwords are public, so there is no demo here. bin/serve sets DEMO on a loopback address; "
                "to start empty, use bin/serve --no-demo."
            )
        if not is_seeded():
            self.stdout.write(
                "Making the demo. Where licence texts are here everybody in it really signs, which takes half a minute."
            )
            self.stdout.flush()
        try:
            seeded = seed()
        except DeploymentError as error:
            raise CommandError(str(error)) from error
        self._products(seeded)
        self._people()
        self._pipeline(seeded.token)

    def _products(self, seeded: Seeded) -> None:
        if seeded.waiting:
            self.stdout.write(
                f"{len(seeded.waiting)} demo products wait for licence texts, and go on by themselves once they are "
                f"imported: {', '.join(plan.name for plan in seeded.waiting)}."
            )
        elif seeded.first_time:
            self.stdout.write("The demo is complete: Norrbro Group with twelve products.")

    def _people(self) -> None:
        self.stdout.write(f"Sign in as one of these people of the demo. The password of each is {PASSWORD}")
        for one in PEOPLE:
            self.stdout.write(f"  {one.email:<24} {one.name:<19} {one.to_try}")

    def _pipeline(self, token: str) -> None:
        if not token:
            return
        product = product_of(ASKED_ABOUT)
        (model,) = plan_named(ASKED_ABOUT).models
        question = json.dumps(
            {
                "product": product.reference if product else "",
                "environment": "Production EU",
                "model": model.model_id,
            }
        )
        self.stdout.write("A pipeline of the demo may ask the gate. Its token is shown this once:")
        self.stdout.write(f"  {token}")
        self.stdout.write(
            f"  curl -s {settings.PUBLIC_URL}/api/v1/gate/check -H 'Authorization: Bearer {token}' "
            f"-H 'Content-Type: application/json' -d '{question}'"
        )
