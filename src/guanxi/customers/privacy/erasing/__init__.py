"""Erasing a person: what would go and what stays, the act itself, the list kept apart, doing it again after a restore."""
