"""What changes for whom, in words: expected from the texts as they were read by hand, not from the code."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from licences.carry_over import match_clauses
from licences.clauses import DOCUMENT_NAMES, Clause, split
from licences.comparison_summary import Citation, Point, Summary, Whom, summarise
from licences.redline import ClausePair
from licences.terms import Obligation, Terms, load_catalogue
from tests.licences.test_redline_official import FILES

CATALOGUE = {terms.name.removeprefix("Llama "): terms for terms in load_catalogue()}
EU, ALL, TRAIN, GIVE, LARGE = Whom.EU, Whom.EVERYBODY, Whom.TRAINERS, Whom.DISTRIBUTORS, Whom.LARGE

# Old, new, whom, words of the sentence, the clauses of the new version and of the old one that it cites.
SAID = [
    ("2", "3", GIVE, "New duty: display “Built with Meta Llama 3”", "LICENSE 1.b.i", ""),
    ("2", "3", GIVE, "products that use them", "LICENSE 1.b.i", ""),
    ("2", "3", GIVE, "whoever gets them; before, to the third party", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("2", "3", GIVE, "The mark “Llama 3” is licensed where Llama 2 licenses none", "LICENSE 5.a", "LICENSE 5.a"),
    ("2", "3", GIVE, "“Meta Llama 3 is licensed under the Meta Llama 3 Community License", "LICENSE 1.b.iii", ""),
    ("2", "3", TRAIN, "made or improved with the materials, and distributed", "LICENSE 1.b.i", ""),
    ("2", "3", TRAIN, "begins with “Llama 3”", "LICENSE 1.b.i", ""),
    ("2", "3", TRAIN, "stays. It excepts Meta Llama 3 where it excepted Llama 2", "LICENSE 1.b.v", "LICENSE 1.b.v"),
    ("2", "3", LARGE, "March 2024 instead of June 2023", "LICENSE 2", ""),
    ("3", "3.1", TRAIN, "The ban on improving other large language models", "", "LICENSE 1.b.v"),
    ("3", "3.1", TRAIN, "begins with “Llama” instead of “Llama 3”", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("3", "3.1", TRAIN, "now covers models made with its outputs", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("3", "3.1", GIVE, "“Built with Llama” instead of “Built with Meta Llama 3”", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("3", "3.1", GIVE, "contains the materials; before, for one that uses them", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("3", "3.1", GIVE, "The licensed mark is “Llama” instead of “Llama 3”", "LICENSE 5.a", "LICENSE 5.a"),
    ("3", "3.1", LARGE, "June 2024 instead of March 2024", "LICENSE 2", ""),
    ("3.1", "3.2", EU, "New paragraph. For multimodal models the rights of 1.a are not granted", "AUP eu-multimodal", ""),
    ("3.1", "3.2", EU, "catches Llama-3.2-11B-Vision, Llama-3.2-90B-Vision, Llama-Guard-3-11B", "AUP eu-multimodal", ""),
    ("3.1", "3.2", ALL, "New item of the policy: Getting round usage restrictions", "AUP 1.h", ""),
    ("3.1", "3.2", ALL, "New item of the policy: Working with tools made for unlawful", "AUP 5", ""),
    ("3.1", "3.2", ALL, "Private or sensitive information", "AUP 1.e", "AUP 1.e"),
    ("3.1", "3.2", ALL, "biological and chemical weapons", "AUP 2.a", "AUP 2.a"),
    ("3.1", "3.2", LARGE, "August 2024 instead of June 2024", "LICENSE 2", ""),
    ("3.2", "3.3", EU, "Of Llama 3.3 the paragraph catches nothing", "AUP eu-multimodal", "AUP eu-multimodal"),
    ("3.2", "3.3", LARGE, "November 2024 instead of August 2024", "LICENSE 2", ""),
    ("3.3", "4", EU, "he effect reverses", "AUP eu-multimodal", "AUP eu-multimodal"),
    ("3.3", "4", EU, "also when it sends text only", "AUP eu-multimodal", "AUP eu-multimodal"),
    ("3.3", "4", EU, "gets none of the rights of 1.a for these models", "AUP eu-multimodal", "AUP eu-multimodal"),
    ("3.3", "4", EU, "End users of a product that contains such models are excepted", "AUP eu-multimodal", ""),
    ("3.3", "4", ALL, "effective date where Llama 3.3 gives a release date", "LICENSE preamble", "LICENSE preamble"),
    ("3.3", "4", LARGE, "March 2025 instead of November 2024", "LICENSE 2", ""),
    ("3.3", "4", LARGE, "The month is a reading", "LICENSE 2", ""),
    # not neighbours, and the other way round
    ("2", "4", TRAIN, "with the materials or their outputs, and distributed", "LICENSE 1.b.i", ""),
    ("2", "4", TRAIN, "is gone", "", "LICENSE 1.b.v"),
    ("2", "4", GIVE, "display “Built with Llama” prominently, for the materials, what is derived from them, and products that contain", "LICENSE 1.b.i", ""),
    ("2", "4", EU, "catches every model of Llama 4", "AUP eu-multimodal", ""),
    ("4", "3.3", EU, "he effect reverses", "AUP eu-multimodal", "AUP eu-multimodal"),
    ("4", "3.3", LARGE, "The month of Llama 4 is a reading", "LICENSE 2", ""),
    ("3.1", "3", TRAIN, "New ban", "LICENSE 1.b.v", ""),
    ("3.1", "3", TRAIN, "no longer covers models made with outputs", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("3.1", "3", GIVE, "plainly uses it", "LICENSE 1.b.i", "LICENSE 1.b.i"),
    ("3", "2", GIVE, "The display “Built with Meta Llama 3” is no longer asked for", "", "LICENSE 1.b.i"),
    ("3", "2", GIVE, "No mark is licensed; Llama 3 licenses “Llama 3”", "LICENSE 5.a", "LICENSE 5.a"),
    ("3.2", "3.1", EU, "Llama 3.1 has none", "", "AUP eu-multimodal"),
    ("3.2", "3.1", ALL, "No longer an item of the policy: Getting round", "", "AUP 1.h"),
]  # fmt: skip

# What each pair must not speak of, for it stays.
SILENT = [
    ("2", "3", [EU], ["outputs, and"]),
    ("3", "3.1", [EU], ["copy of the agreement"]),
    ("3.1", "3.2", [TRAIN], ["display", "mark", "copy of the agreement"]),
    ("3.2", "3.3", [TRAIN, ALL], ["display", "mark", "item of the policy"]),
    ("3.3", "4", [TRAIN], ["display", "mark", "New item", "New paragraph"]),
    ("4", "3.3", [TRAIN], ["none of the rights of 1.a for these models"]),
]
READINGS = {
    ("2", "3"): 0,
    ("3", "3.1"): 2,  # what was made under the ban; contains against uses
    ("3.1", "3.2"): 1,  # which models are multimodal
    ("3.2", "3.3"): 1,
    ("3.3", "4"): 2,  # the reversal; the month
}


def of_terms(old: str, new: str) -> Summary:
    """What the catalogue alone tells, as when no text is imported."""
    return summarise(CATALOGUE[old], CATALOGUE[new], {})


def cites_of(point: Point, terms: Terms) -> list[str]:
    return [one.clause for one in point.cites if one.version == terms.slug]


@pytest.mark.parametrize(("old", "new", "whom", "words", "now", "before"), SAID)
def test_it_says_what_changes_for_whom_with_the_clause(
    old: str, new: str, whom: Whom, words: str, now: str, before: str
) -> None:
    found = [one for one in of_terms(old, new).points if words in one.says]
    assert [one.whom for one in found] == [whom]
    assert cites_of(found[0], CATALOGUE[new]) == ([now] if now else [])
    assert cites_of(found[0], CATALOGUE[old]) == ([before] if before else [])


@pytest.mark.parametrize(("old", "new", "nobody", "words"), SILENT)
def test_it_is_silent_about_what_stays(old: str, new: str, nobody: list[Whom], words: list[str]) -> None:
    points = of_terms(old, new).points
    assert not [one for one in points if one.whom in nobody]
    assert not [one.says for one in points if any(each in one.says for each in words)]


@pytest.mark.parametrize(("pair", "number"), READINGS.items())
def test_a_reading_is_marked_as_one(pair: tuple[str, str], number: int) -> None:
    assert sum(one.reading for one in of_terms(*pair).points) == number


def test_a_new_month_is_tested_for_every_version() -> None:
    for old, new in pairwise(CATALOGUE):
        assert [one.whom for one in of_terms(old, new).points].count(LARGE) == 1


def test_a_version_against_itself_changes_nothing() -> None:
    for terms in CATALOGUE.values():
        assert summarise(terms, terms, {}).points == ()


def test_groups_keep_the_order_and_leave_out_whom_nothing_concerns() -> None:
    titles = [title for title, _points in of_terms("3.1", "3.2").groups]
    assert titles == [
        "Licensees based in the European Union",
        "Every licensee",
        "Whoever distributes or makes available",
        "Large groups: the users test",
    ]


# --- versions that somebody adds ----------------------------------------------------------------------------------


def without(terms: Terms, *kinds: str) -> Terms:
    return replace(terms, obligations=tuple(one for one in terms.obligations if one.kind not in kinds))


@pytest.mark.parametrize("kind", sorted({one.kind for one in CATALOGUE["4"].obligations}))
def test_an_obligation_that_one_side_lacks_is_told_and_breaks_nothing(kind: str) -> None:
    whole, part = CATALOGUE["4"], replace(without(CATALOGUE["4"], kind), slug="llama-5", name="Llama 5")
    own = next(one for one in whole.obligations if one.kind == kind)
    for old, new in ((whole, part), (part, whole)):
        points = summarise(old, new, {}).points
        assert points
        assert {Citation(whole.slug, clause) for clause in own.clauses} <= {c for one in points for c in one.cites}


def test_a_term_of_its_own_is_told_when_it_comes_changes_and_goes() -> None:
    def with_term(summary: str) -> Terms:
        term = Obligation("other", "audit", ("LICENSE 8",), summary, "use", {})
        return replace(CATALOGUE["4"], obligations=(*CATALOGUE["4"].obligations, term))

    plain, first, second = CATALOGUE["4"], with_term("Meta may audit."), with_term("Meta may audit twice a year.")
    assert [one.says for one in summarise(plain, first, {}).points] == ["New term: Meta may audit."]
    assert "twice a year" in summarise(first, second, {}).points[0].says
    assert [one.says for one in summarise(second, plain, {}).points] == ["Gone: Meta may audit twice a year."]


def test_another_threshold_and_another_court_are_told() -> None:
    old = CATALOGUE["4"]
    changes = {"mau": {"threshold": "500000000"}, "governing-law": {"courts": "Ireland"}}
    obligations = tuple(
        replace(one, parameters={**one.parameters, **changes.get(one.kind, {})}) for one in old.obligations
    )
    said = [one.says for one in summarise(old, replace(old, obligations=obligations), {}).points]
    assert any("more than 500,000,000" in one and "700,000,000" in one for one in said)
    assert any("Courts of Ireland" in one and "Courts of California" in one for one in said)


# --- a sentence hides no rewording that it does not tell ----------------------------------------------------------

USERS = "If more than 700 million users come in the month before, ask the otter."
MARK = 'You may paint "Llama 3" (the "Mark") on a pond.'
SHOWN = 'Whistle "Built with Meta Llama 3" at the pond.'
WARNS = "Reworded in more than our sentences tell"


def one_clause(document: str, clause_id: str, was: str, now: str, place: str = "") -> dict[str, list[ClausePair]]:
    """A document of one clause in two wordings; `place` is its id in the new one."""

    def clause(here: str, words: str) -> Clause:
        return Clause(here, "", "", "", words, 0, None, 1)

    names = ["Llama 3", "Llama 3.1", "Meta Llama 3", "Llama 4", "Llama 3.3"]
    old, new = clause(clause_id, was), clause(place or clause_id, now)
    return {document: match_clauses([old], [new], names)}


def users(terms: Terms, **parameters: str) -> Terms:
    """The same terms with another users test."""
    changed = [
        replace(one, parameters={**one.parameters, **parameters}) if one.kind == "mau" else one
        for one in terms.obligations
    ]
    return replace(terms, obligations=tuple(changed))


def told_of(old: Terms, new: Terms, pairs: dict[str, list[ClausePair]]) -> list[str]:
    """The sentences that send the reader to the redline."""
    return [one.says for one in summarise(old, new, pairs).points if "Judge by the redline" in one.says]


def test_the_month_of_the_users_test_hides_no_other_words_of_its_clause() -> None:
    reworded = one_clause("LICENSE", "2", USERS, USERS.replace("700", "500"))
    (said,) = told_of(CATALOGUE["3.2"], CATALOGUE["3.3"], reworded)
    assert said == f"{WARNS}: Monthly active users test. Judge by the redline."


@pytest.mark.parametrize(
    ("now", "hidden"),
    [
        ("If more than 500 million users come in the month before, ask the otter.", True),
        ("If more than 500,000,000 users come in the month before, ask the otter.", False),  # another spelling, too
        ("If more than 500 million users come in any month, ask the otter.", False),
    ],
)
def test_another_threshold_tells_the_rewording_that_puts_it_there_and_no_more(now: str, hidden: bool) -> None:
    old = CATALOGUE["3.3"]
    said = told_of(old, users(old, threshold="500000000"), one_clause("LICENSE", "2", USERS, now))
    assert (not said) == hidden


@pytest.mark.parametrize(("more", "hidden"), [("", True), (" at night", False)])
@pytest.mark.parametrize(
    ("clause", "was", "now"),
    [("5.a", MARK, MARK.replace("Llama 3", "Llama")), ("1.b.iii", SHOWN, SHOWN.replace("Meta Llama 3", "Llama"))],
)
def test_a_value_hides_only_the_words_that_it_replaces(
    clause: str, was: str, now: str, more: str, hidden: bool
) -> None:
    old, new = (replace(CATALOGUE[one], obligations=only(CATALOGUE[one], clause)) for one in ("3", "3.1"))
    said = told_of(old, new, one_clause("LICENSE", clause, was, now.replace(" pond", f"{more} pond")))
    assert (not said) == hidden


def only(terms: Terms, clause: str) -> tuple[Obligation, ...]:
    """The mark in 5.a; elsewhere the display, as if it stood alone in a clause and were due alike."""
    kind = "marks" if clause == "5.a" else "display"
    one = terms.obligation(kind)
    assert one is not None
    parameters = {**one.parameters, "trigger": "uses"} if kind == "display" else one.parameters
    return (replace(one, clauses=(f"LICENSE {clause}",), parameters=parameters),)


@pytest.mark.parametrize(("more", "hidden"), [("", True), (" Otters agree by waving.", False)])
def test_a_header_of_another_kind_hides_only_that(more: str, hidden: bool) -> None:
    was = "LLAMA 3.3 RULES Llama 3.3 Version Release Date: December 6, 2024"
    now = f"LLAMA 4 RULES Llama 4 Version Effective Date: April 5, 2025{more}"
    said = told_of(CATALOGUE["3.3"], CATALOGUE["4"], one_clause("LICENSE", "preamble", was, now))
    assert (not said) == hidden


def test_the_models_that_a_paragraph_catches_hide_no_other_words_of_it() -> None:
    was = "No pond in the European Union has multimodal otters."
    now = "No pond in the European Union or Norway has multimodal otters."
    said = told_of(CATALOGUE["3.3"], CATALOGUE["4"], one_clause("AUP", "eu-multimodal", was, now))
    assert said == [f"{WARNS}: Multimodal models and the EU. Judge by the redline."]


def test_a_clause_that_stands_elsewhere_is_told_though_the_month_cites_it() -> None:
    moved = one_clause("LICENSE", "3", USERS, USERS, place="2")
    says = [one.says for one in summarise(CATALOGUE["3.2"], CATALOGUE["3.3"], moved).points]
    assert "Same words in another place: Monthly active users test." in says


def test_a_sentence_about_what_a_clause_says_is_enough() -> None:
    was, now = CATALOGUE["3.1"], CATALOGUE["3.2"]
    assert not told_of(was, now, one_clause("AUP", "1.e", "Ask no otter for its health.", "Ask no otter who it is."))


# --- with the clauses of the official texts -----------------------------------------------------------------------

# By pair and document: the clauses that differ in more than names, dates and addresses.
CHANGED = {
    ("2", "3"): ({"1.b.i": "reworded", "3": "reworded", "5.a": "reworded", "5.c": "reworded"}, {}),
    ("3", "3.1"): (
        {"1.b.i": "reworded", "1.b.v": "removed", "5.a": "reworded"},
        {"1.f": "reworded", "reporting.4": "reworded"},
    ),
    ("3.1", "3.2"): (
        {},
        {"1.e": "reworded", "1.h": "added", "2.a": "reworded", "5": "added", "eu-multimodal": "added"},
    ),
    ("3.2", "3.3"): ({}, {}),
    ("3.3", "4"): ({"preamble": "reworded"}, {"3.e": "reworded"}),
    ("4", "3.3"): ({"preamble": "reworded"}, {"3.e": "reworded"}),
}


def matched(folder: Path, old: str, new: str) -> dict[str, list[ClausePair]]:
    names = [name for one in (old, new) for name in (f"Llama {one}", f"Meta Llama {one}")]
    return {
        DOCUMENT_NAMES[kind]: match_clauses(
            split((folder / f"llama-{old}" / file).read_bytes(), kind),
            split((folder / f"llama-{new}" / file).read_bytes(), kind),
            names,
        )
        for kind, file in FILES.items()
    }


@pytest.mark.official_texts
@pytest.mark.parametrize(("pair", "expected"), CHANGED.items())
def test_exactly_these_clauses_changed_in_substance(
    official_texts: Path, pair: tuple[str, str], expected: tuple[dict[str, str], dict[str, str]]
) -> None:
    old, new = pair
    summary = summarise(CATALOGUE[old], CATALOGUE[new], matched(official_texts, old, new))
    found = [{one.id: one.kind.value for one in summary.changed[document]} for document in ("LICENSE", "AUP")]
    assert found == list(expected)


@pytest.mark.official_texts
def test_every_changed_clause_is_in_some_sentence(official_texts: Path) -> None:
    for old in CATALOGUE:
        for new in CATALOGUE:
            summary = summarise(CATALOGUE[old], CATALOGUE[new], matched(official_texts, old, new))
            cited = {one.clause for point in summary.points for one in point.cites}
            for document, changed in summary.changed.items():
                assert {f"{document} {one.id}" for one in changed} <= cited, (old, new)


@pytest.mark.official_texts
@pytest.mark.parametrize(
    ("old", "new", "clauses"),
    [
        ("2", "3", {"LICENSE 1.b.iii", "LICENSE 1.b.v", "LICENSE 2"}),
        ("3", "3.1", {"LICENSE 1.b.iii", "LICENSE 2", "AUP reporting"}),
        ("3.1", "3.2", {"LICENSE 1.b.iii", "LICENSE 2"}),
        ("3.2", "3.3", {"LICENSE 1.b.iii", "LICENSE 2", "AUP eu-multimodal"}),
        ("3.3", "4", {"LICENSE 1.b.iii", "LICENSE 2", "AUP eu-multimodal"}),
    ],
)
def test_it_says_where_the_words_stay_and_what_follows_from_them_does_not(
    official_texts: Path, old: str, new: str, clauses: set[str]
) -> None:
    points = summarise(CATALOGUE[old], CATALOGUE[new], matched(official_texts, old, new)).points
    assert {clause for one in points if one.same_words for clause in cites_of(one, CATALOGUE[new])} == clauses


@pytest.mark.official_texts
def test_clauses_that_our_summaries_do_not_tell_apart_are_named_all_the_same(official_texts: Path) -> None:
    points = summarise(CATALOGUE["2"], CATALOGUE["3"], matched(official_texts, "2", "3")).points
    said = {one.says: cites_of(one, CATALOGUE["3"]) for one in points if one.says.startswith("Reworded, while")}
    assert list(said.values()) == [["LICENSE 5.c"]]  # one article less
    (stronger,) = [one.says for one in points if one.says.startswith("No warranty")]
    assert stronger.startswith("No warranty. Now: The materials come as they are: Meta disclaims every warranty")
    assert all("No warranty" in one or "Indemnity" in one for one in said)


@pytest.mark.official_texts
def test_the_reversal_for_the_eu_is_told_both_ways_with_words_that_barely_change(official_texts: Path) -> None:
    for old, new in (("3.3", "4"), ("4", "3.3")):
        points = summarise(CATALOGUE[old], CATALOGUE[new], matched(official_texts, old, new)).points
        first = points[0]
        assert first.says.startswith("The words barely change and the effect reverses")
        assert first.same_words
