"""Tests of the composed product: server, supervisor, command line."""
