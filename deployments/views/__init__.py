"""Pages of deployments: thin. Reads come from queries, changes from actions, refusals from policies."""
