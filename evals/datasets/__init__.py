"""Sets of cases beyond one folder: what a careful reader expects of them, splits, imports, comparison of versions."""
