"""Rules (when, if, then) and approvals, over registries that every module fills."""
