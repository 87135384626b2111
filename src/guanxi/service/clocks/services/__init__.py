"""What writes clocks, policies and steps of escalation."""
