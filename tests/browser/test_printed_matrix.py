"""What comes out of the printer: the matrix is read from left to right, on paper as on a wide screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from foundation.audit.actors import Actor
from licences.actions import sync_catalogue
from tests.browser.conftest import Desk
from tests.cast import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DISPLAYED = """() => ['thead', 'tbody tr', 'tbody td'].map(
    one => getComputedStyle(document.querySelector(`.matrix.across ${one}`)).display)"""


def test_the_matrix_is_printed_across_however_narrow_the_window(desk_of: Callable[..., Desk]) -> None:
    sync_catalogue(by=Actor.system("tests"))
    desk = desk_of(make_person("Nora New"))
    desk.go("/licences/matrix/")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    assert desk.page.evaluate(DISPLAYED)[1] == "grid"  # a phone shows cards
    desk.page.emulate_media(media="print")
    assert desk.page.evaluate(DISPLAYED) == ["table-header-group", "table-row", "table-cell"]
    sheets = desk.page.pdf(prefer_css_page_size=True)
    assert sheets.count(b"/Type /Page\n") <= 12, "the matrix of six versions fits on a few sheets"
