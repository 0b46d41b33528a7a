"""The floor: the least that Django needs for the same kinds of work. Everything else is measured against it."""
