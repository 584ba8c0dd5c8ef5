"""Measurements of this program beside the usual ways to do the same, each over the same material in one run."""
