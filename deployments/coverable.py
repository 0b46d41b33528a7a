"""What a permission may cover, and how pages name it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What a written grant may cover (licences.facts.Permission.kind). A use may name an item of the policy: "use:2.a".
COVERABLE: dict[str, Promise] = {
    "mau": _("The threshold of monthly active users (LICENSE 2)"),
    "use": _("A use that the acceptable use policy forbids"),
    "eu-multimodal": _("Multimodal models in the European Union (AUP)"),
    "marks": _("Meta’s marks (LICENSE 5.a)"),
    "improvement": _("Improving other language models (LICENSE 1.b.v)"),
    "other": _("Something else"),
}
# What the text itself excepts: from the users test (LICENSE 1.b.ii), and end users from the policy's EU paragraph.
EXCEPTED = frozenset({"mau", "eu-multimodal"})
ITEM = re.compile(r"^\d{1,2}(\.[a-z](\.[ivx]{1,5})?)?$")
_USE = "use:"


def use_of(item: str) -> str:
    """The key of a permitted use that names this item of the policy."""
    return f"{_USE}{item}"


def is_coverable(key: str) -> bool:
    """Whether a permission may cover what this key stands for."""
    return key in COVERABLE or (key.startswith(_USE) and bool(ITEM.match(key.removeprefix(_USE))))


def covers_in_words(keys: Iterable[str]) -> str:
    """What a permission covers, as a person reads it."""
    said = []
    for key in keys:
        if key.startswith(_USE):
            said.append(gettext("A use within AUP %(item)s") % {"item": key.removeprefix(_USE)})
        else:
            said.append(str(COVERABLE.get(key, key)))
    return "; ".join(said)
