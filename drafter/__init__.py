"""Drafts rationales for Independent Medical Review in which every sentence says what it rests on."""

__version__ = "0.1.0"
