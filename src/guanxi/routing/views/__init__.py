"""Pages of queues, presence and their settings."""
