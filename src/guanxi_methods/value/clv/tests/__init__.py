"""Tests of lifetime value: printed figures, a plain second implementation, simulated customers."""
