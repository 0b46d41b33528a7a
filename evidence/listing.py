"""The list of records as CSV, for those who count in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from evidence.models import EvidencePack
from foundation.audit.recorder import instant

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(packs: Iterable[EvidencePack]) -> Iterator[str]:
    """One line of titles, then one line per record."""
    yield _line(
        [
            _("Record"),
            _("Edition"),
            _("Review"),
            _("Product"),
            _("Product name"),
            _("Team"),
            _("Llama version"),
            _("Legal entity"),
            _("State"),
            _("Decided at (UTC)"),
            _("Valid until"),
            _("Built at (UTC)"),
            _("SHA-256 of the pack"),
            _("SHA-256 of the PDF"),
            _("SHA-256 of record.json"),
        ]
    )
    for pack in packs:
        review = pack.review
        product = review.component.product
        yield _line(
            [
                pack.reference,
                str(pack.edition),
                review.reference,
                product.reference,
                product.name,
                product.team.name,
                review.version.name,
                review.licensee.name if review.licensee else "",
                review.get_state_display(),
                instant(review.decided_at) if review.decided_at else "",
                review.valid_until.isoformat() if review.valid_until else "",
                instant(pack.built_at),
                pack.archive_id,
                pack.pdf_id,
                pack.record_id,
            ]
        )


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_no_formula(cell) for cell in cells])
    return out.getvalue()


def _no_formula(cell: str) -> str:
    """A name that begins like a formula is shown, not computed, by a spreadsheet."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
