"""Make the first administrator, who then invites everybody else."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from foundation.accounts.actions import grant_role, invite_person
from foundation.accounts.errors import AccountError
from foundation.accounts.invitation import choose_password_link
from foundation.accounts.roles import Role
from foundation.audit.actors import Actor


class Command(BaseCommand):
    """`manage.py invite_administrator EMAIL NAME` prints the link with which they choose a password."""

    help = "Invite an administrator of the whole company, and print the link with which they choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        by = Actor.system("invite_administrator")
        try:
            with transaction.atomic():
                person = invite_person(by=by, email=email, name=name, send_mail=False)
                grant_role(by=by, person=person, role=Role.ADMINISTRATOR)
        except AccountError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{person.reference} {person.name} may now choose a password, within three days, at:")
        self.stdout.write(choose_password_link(person))
