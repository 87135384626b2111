"""Tests of standing: printed figures, a plain second implementation, simulated customers."""
