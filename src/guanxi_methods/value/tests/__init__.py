"""Tests of the value methods: published figures, invariants, a plain second implementation."""
