"""Invented customers with duplicates planted among them, to measure how well they are found."""
