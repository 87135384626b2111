"""Pages of complaints, promises and what they add up to."""
