"""Complaints: six steps from the customer's words to the cause, and the rule under which alone one can close."""
