"""Tests of the whole project and the fixtures that the tests of every module share."""
