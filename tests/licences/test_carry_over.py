"""What becomes of duties from one version to the next, clause by clause; what nobody cites has to be accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from licences.carry_over import compare_versions
from licences.clauses import Clause, Kind, split
from licences.terms import load_catalogue
from tests.licences.texts import AGREEMENT, AUP

TERMS = {terms.slug: terms for terms in load_catalogue()}
NAMES = ("Otter 2", "Otter 3")


def compared(agreement: str = AGREEMENT, aup: str = AUP):
    old: dict[Kind, list[Clause]] = {
        "agreement": split(AGREEMENT.encode(), "agreement"),
        "aup": split(AUP.encode(), "aup"),
    }
    new: dict[Kind, list[Clause]] = {
        "agreement": split(agreement.encode(), "agreement"),
        "aup": split(aup.encode(), "aup"),
    }
    return compare_versions(old, new, NAMES)


def test_other_names_are_no_change() -> None:
    found = compared(AGREEMENT.replace("Otter 2", "Otter 3"), AUP.replace("Otter 2", "Otter 3"))
    carried = found.carry(["LICENSE 1.b.i", "AUP 1.a"])
    assert (carried.clauses, carried.fate, carried.changed) == (("LICENSE 1.b.i", "AUP 1.a"), "same", ())
    assert found.to_account_for([]) == []


def test_a_reworded_clause_is_named_also_below_the_one_that_is_cited() -> None:
    found = compared(AGREEMENT.replace("a towel", "a warm blanket"))
    assert found.carry(["LICENSE 1.b.i"]).fate == "reworded"
    assert found.carry(["LICENSE 1.b"]).changed == ("LICENSE 1.b",)
    assert found.carry(["LICENSE 2"]).fate == "same"
    assert found.to_account_for(["LICENSE 2"]) == ["LICENSE 1.b.i"]
    assert found.to_account_for(["LICENSE 1.b"]) == []


def test_a_clause_that_is_gone_takes_its_duty_along() -> None:
    found = compared(AGREEMENT.replace("            ii. Lend no otter to a heron.\n", ""))
    carried = found.carry(["LICENSE 1.b.ii"])
    assert (carried.clauses, carried.fate) == ((), "gone")


def test_a_moved_clause_is_cited_where_it_stands_now() -> None:
    before = "            i. Give each guest a towel, and (A) a spoon;\n(B) a fish.\n"
    after = "            ii. Give each guest a towel, and (A) a spoon;\n(B) a fish.\n"
    moved = AGREEMENT.replace(before, "            i. Count the fish each night before bed.\n" + after)
    found = compared(moved.replace("            ii. Lend", "            iii. Lend"))
    assert found.carry(["LICENSE 1.b.i"]).clauses == ("LICENSE 1.b.ii",)
    assert found.to_account_for([]) == ["LICENSE 1.b.i"]


@pytest.mark.official_texts
def test_from_3_1_to_3_2_the_agreement_carries_over_and_the_policy_asks_about_its_changes(official_texts: Path) -> None:
    files: dict[Kind, str] = {"agreement": "LICENSE", "aup": "USE_POLICY.md"}

    def read(version: str):
        return {kind: split((official_texts / version / name).read_bytes(), kind) for kind, name in files.items()}

    found = compare_versions(read("llama-3.1"), read("llama-3.2"), ("Llama 3.1", "Llama 3.2"))
    duties = {one.key: found.carry(one.clauses).fate for one in TERMS["llama-3.1"].obligations}
    assert {key for key, fate in duties.items() if fate == "gone"} == set()
    assert duties["display"] == duties["notice"] == duties["mau"] == "same"
    assert {"AUP 1.e", "AUP 1.h", "AUP 2.a", "AUP 5"} <= set(found.to_account_for([]))
