"""What is measured of a row, offline and from the row and its case alone; `table.py` names every metric."""
