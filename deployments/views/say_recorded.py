"""What a person is told who has recorded a sighting of the attribution."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from deployments.models import Observation
from deployments.sighted_words import judge_words
from licences.models import LlamaVersion
from licences.queries import terms_for


def say_recorded(request: HttpRequest, sighting: Observation, versions: Iterable[LlamaVersion]) -> None:
    """That it is recorded, and whether its words are those that these versions demand."""
    words = judge_words(sighting.text, [terms_for(version) for version in versions]) if sighting.seen else ()
    say = messages.success if all(one.is_fine for one in words) else messages.warning
    say(request, " ".join([_("The sighting is recorded."), *(one.in_full for one in words)]))
