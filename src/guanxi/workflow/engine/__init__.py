"""The engine of rules: hears what happened, reads facts, weighs conditions, acts, and writes down why."""
