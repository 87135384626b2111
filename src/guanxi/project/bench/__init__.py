"""Measuring this machine: what `guanxi bench` runs, measures and writes down."""
