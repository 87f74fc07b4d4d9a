"""The scenarios: each starts the servers it needs, measures one thing, and returns figures."""
