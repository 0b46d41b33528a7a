"""What the demo's reviewers write beside the five checks where nothing is out of the ordinary."""

from __future__ import annotations

from licences.models import LlamaVersion
from licences.queries import terms_for
from portal.demo.entities import GROUP_USERS
from portal.demo.walk import Answer
from reviews.questions import month_in_words


def usual_answers(version: LlamaVersion, **others: Answer) -> dict[int, Answer]:
    """Five answers that fit an ordinary product; `check_3=Answer(…)` replaces the one with that number."""
    answers = {
        1: _users(version),
        2: Answer(
            "met",
            "Held against every item of the policy, also those that nobody named. The use is outside them; the terms "
            "of use forbid what the policy forbids, and the product says how its answers can be wrong.",
            ("LICENSE 1.b.iv", "AUP prohibited-uses", "AUP 4"),
        ),
        3: _attribution(version),
        4: Answer(
            "met",
            "The model runs as it came. No weights leave the group and no model is made or improved with it or with "
            "its outputs, so neither the copy of the agreement nor a name is due.",
            ("LICENSE 1.a", "LICENSE 1.b.i"),
        ),
        5: Answer(
            "met",
            "Accepted for the group by the chief technology officer within the board's delegation; the text that was "
            "accepted is on file. No proceedings of the kind in 5.c. Warranty, indemnity, governing law and courts "
            "are acceptable for this use. Taken over from legal's register on paper, with the dates of that decision.",
            ("LICENSE acceptance", "LICENSE 5.c", "LICENSE 7"),
        ),
    }
    return answers | {int(key.removeprefix("check_")): one for key, one in others.items()}


def _users(version: LlamaVersion) -> Answer:
    terms = terms_for(version)
    figure = GROUP_USERS.get(terms.mau_month, max(GROUP_USERS.values()))
    return Answer(
        "met",
        f"{figure:,} in {month_in_words(terms.mau_month)}, over all products of the three companies, from the finance "
        f"data warehouse; overlaps were not removed. That is far below {terms.mau_threshold:,}.",
        ("LICENSE 2",),
    )


def _attribution(version: LlamaVersion) -> Answer:
    display = terms_for(version).display
    if display is None:
        return Answer(
            "met",
            "This version asks for no display. No copies are distributed, so no Notice file is due, and Meta's marks "
            "are not used.",
            ("LICENSE 1.b.iii", "LICENSE 5.a"),
        )
    return Answer(
        "met",
        f"“{display.text}” stands where the sighting says. No copies are distributed, so no Notice file is due; the "
        "mark is used for nothing else.",
        ("LICENSE 1.b.i", "LICENSE 1.b.iii", "LICENSE 5.a"),
    )
