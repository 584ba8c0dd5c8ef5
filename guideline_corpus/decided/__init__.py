"""Similar decided items: a collection of its own beside the guideline corpus. See `model.py`."""
