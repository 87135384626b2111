"""Queues, work and presence in the API."""
