"""Pages of rules and approvals."""
