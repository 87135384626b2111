"""Periods of retention: the rules, the preview before each run, the runs."""
