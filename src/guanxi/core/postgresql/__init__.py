"""PostgreSQL as Django speaks to it, and what leaves with each commit."""
