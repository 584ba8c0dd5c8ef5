"""The use cases of the review desk, one file each. They take the record store, the clock and the workbench as
arguments; web pages, the JSON API and tests call the same functions."""
