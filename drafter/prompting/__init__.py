"""Prompts for a language model: the template language, and the files that hold them."""
