"""The HTTP client for addresses that people enter: it reaches public addresses only."""
