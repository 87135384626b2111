"""Threads of messages over every channel, and the desk."""
