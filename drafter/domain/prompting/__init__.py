"""Prompt templates as data: language, what they may show, what is wrong with them, how one goes live. Pure."""
