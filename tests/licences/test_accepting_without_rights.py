"""Accepting an agreement that gives the entity no rights is nothing to do, and the finding says so."""

from __future__ import annotations

from licences.obligations import assess
from licences.terms import load_catalogue
from tests.licences.scenarios import SCENARIOS, facts_of

TERMS = {terms.slug: terms for terms in load_catalogue()}


def test_accepting_is_said_to_give_no_rights_exactly_where_they_are_withheld():
    said = "Accepting does not give the rights that are withheld under"
    for scenario in SCENARIOS:
        found = {one.key: one for one in assess(facts_of(scenario, TERMS[scenario.version]), TERMS[scenario.version])}
        clauses = [found[key].clauses[0] for key in ("mau", "eu-multimodal") if found[key].status == "prohibited"]
        acceptance = found["acceptance"]
        assert (said in acceptance.explanation) == bool(clauses)
        assert all(clause in acceptance.explanation for clause in clauses)
        assert not (clauses and acceptance.status == "action_needed")
