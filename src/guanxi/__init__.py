"""Guanxi (关系): customer service and relationship management that closes the loop."""

__version__ = "0.1.0"
