"""Published determinations: one file per form, and the parts that the forms share.

`read_letter` tells which form a text has and reads it; what a form lacks, or an unknown form hides, is `None` and named
in the case's gaps. Nothing is guessed and no input makes it fail.
"""

from drafter.adapters.letters.detect import read_letter

__all__ = ["read_letter"]
