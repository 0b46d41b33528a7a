"""What summaries claim and the texts do not say, where more than one finding answers it."""

from __future__ import annotations

from licences.assessment.finding import cite
from licences.terms import Terms


def no_share_alike(terms: Terms) -> str:
    """Said where a model is made and where it is passed on: people ask it at either."""
    clauses = tuple(
        dict.fromkeys(
            clause for kind in ("grant", "ownership", "copy", "notice") for clause in terms.required(kind).clauses
        )
    )
    return (
        "Often said: derivatives must carry the Llama licence or a compatible one. Llama 2 to 4 have no such clause. "
        "What you make is yours; a copy of the agreement, the Notice, and from Llama 3 the display and the name are "
        f"what travels {cite(clauses)}."
    )
