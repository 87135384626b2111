"""What visitors do, and what becomes of answers they do not see."""
