"""Commands that belong to no module: serving, checking, seeding, measuring."""
