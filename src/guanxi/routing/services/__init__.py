"""Writing queues, work and presence."""
