"""Check that the stored licence texts are those that were imported."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from licences.models import LicenceText
from licences.verify import verify_texts


class Command(BaseCommand):
    """`manage.py verify_licence_texts` names every text that changed; exit code 1 when there is one."""

    help = "Check the bytes, words and clauses of every stored licence text against their digests."

    def handle(self, *args: Any, **options: Any) -> None:
        problems = verify_texts()
        for problem in problems:
            self.stderr.write(problem.sentence)
        if problems:
            sys.exit(1)
        self.stdout.write(f"All {LicenceText.objects.count()} licence texts are those that were imported.")
