"""What can be done with tasks and notifications; each file holds the acts on one thing."""
