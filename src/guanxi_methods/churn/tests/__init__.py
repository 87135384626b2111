"""Tests of the churn methods: published figures, a plain second implementation, recovery, bad input."""
