"""A dump of each schema that was landed, and the migrations that were: they are history, and do not change."""
