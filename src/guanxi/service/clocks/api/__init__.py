"""Clocks of cases, and calendars of one's own, for programs."""
