"""Fetch licence texts from the addresses in the catalogue."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.audit.actors import Actor
from licences.actions import fetch_texts
from licences.actions.fetch_texts import fetch_texts_later
from licences.management.lines import said_of

NO_NETWORK = (
    "No licence text was fetched: this machine does not reach {hosts}. Without texts nobody can approve. "
    "Copy them here from a machine that has a network, then run manage.py import_licence_texts DIR."
)


class Command(BaseCommand):
    """`manage.py fetch_licence_texts` prints one line per address; exit code 1 when one gave no text."""

    help = "Fetch the licence texts from the raw addresses in the catalogue, and import them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--later", action="store_true", help="leave it to a worker, which tries again on its own")

    def handle(self, *args: Any, later: bool, **options: Any) -> None:
        if later:
            fetch_texts_later()
            self.stdout.write("A worker fetches the licence texts.")
            return
        fetched = fetch_texts(by=Actor.system("fetch_licence_texts"))
        if fetched and all(one.unreachable for one in fetched):
            hosts = ", ".join(sorted({one.address.split("/")[2] for one in fetched}))
            self.stderr.write(NO_NETWORK.format(hosts=hosts))
            sys.exit(1)
        for one in fetched:
            said = (
                said_of(one.text)
                if one.text
                else f"{one.version.name} {one.kind.label.lower()}: NOT FETCHED: {one.problem}"
            )
            self.stdout.write(f"{said} ({one.address})")
        if any(one.text is None for one in fetched):
            sys.exit(1)
