"""Webhooks: other systems are told what happened, signed, in order for each record, until they have heard it."""
