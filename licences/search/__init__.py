"""Search over clauses, obligations and policy items of all versions."""
