"""The command `guideline-corpus`; `program.py` joins its parts."""

from guideline_corpus.cli.program import app, main

__all__ = ["app", "main"]
