"""Tests of what all methods share: the battery of invariants, inputs, the pages of the methods."""
