"""Durable work: the row is the job, Celery only rings the doorbell."""
