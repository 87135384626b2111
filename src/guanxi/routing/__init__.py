"""Queues, who is there with what capacity, and who gets what, with the reason."""
