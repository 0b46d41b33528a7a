"""What looks left over in a catalogue file that was copied from another version. Pure.

A text may be different from all before, so none of this is refused: whoever wrote the file looks again.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.utils.translation import gettext as _

from licences.terms import Terms

_IN_AN_ADDRESS = re.compile(r"llama-?([0-9]+(?:_[0-9]+)?)/")
_A_VERSION = re.compile(r"\bLlama [0-9]+(?:\.[0-9]+)?(?!\d|\.\d)")


def doubts(terms: Terms) -> list[str]:
    """A sentence for each thing to look at again; none where the file agrees with itself."""
    found = []
    before = (date.fromisoformat(terms.date).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    if terms.mau_month != before:
        words = _("“mau” tests %(month)s; the month before %(date)s is %(before)s.")
        found.append(words % {"month": terms.mau_month, "date": terms.date, "before": before})
    if terms.name.lower() not in terms.title.lower():
        found.append(_("The title “%(title)s” does not have the name in it.") % {"title": terms.title})
    for duty in terms.obligations:
        for text in (duty.summary, *duty.parameters.values()):
            if others := set(_A_VERSION.findall(text)) - {terms.name}:
                words = _("“%(key)s” speaks of %(others)s.")
                found.append(words % {"key": duty.key, "others": ", ".join(sorted(others))})
    own = re.sub(r"\D+", "_", terms.slug).strip("_")
    for address in (terms.agreement.raw, terms.agreement.web, terms.aup.raw, terms.aup.web):
        if any(one != own for one in _IN_AN_ADDRESS.findall(address)):
            found.append(_("The address %(address)s names another version.") % {"address": address})
    if not terms.sizes:
        found.append(_("No sizes are listed, so a name with a size that was never released is not noticed."))
    return found
