"""Core: the Django foundations every other floor stands on."""
