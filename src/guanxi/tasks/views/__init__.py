"""Pages of tasks and notifications."""
