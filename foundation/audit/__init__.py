"""The audit log: append-only, hash-chained, and provable to somebody outside. Only `recorder.record()` writes."""
