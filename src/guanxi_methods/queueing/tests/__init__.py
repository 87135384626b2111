"""Tests of the waiting lines."""
