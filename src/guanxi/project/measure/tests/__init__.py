"""Tests of `guanxi measure`: what each command prints, on real files."""
