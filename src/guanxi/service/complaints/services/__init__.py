"""What can be done with complaints and promises."""
