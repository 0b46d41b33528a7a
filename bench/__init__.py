"""Benchmarks and chaos runs. Start with `bin/bench`; README.md says what is measured."""
