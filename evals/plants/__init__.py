"""Planted errors: one known fault put into a finished text, to measure whether the checks find it."""
