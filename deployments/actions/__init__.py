"""The verbs of deployments, one file per subject. Nothing else changes these rows."""
