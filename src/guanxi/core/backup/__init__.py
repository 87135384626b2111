"""Backups: one file with every row and stored file of one moment, and the way back.

`writing.make` and `restoring.restore` are the two ends. Nothing is imported here: compression takes a moment to load,
and most processes never make a backup.
"""
