"""Every page that the table of addresses leads to: axe, each theme and each width once, no sideways scroll."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Tour
from tests.browser.pages import of_the_table

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_that_the_table_leads_to(tour: Tour, subtests):
    for page in of_the_table(tour.world):
        with subtests.test(page.name):
            tour.look(page)
