"""The review desk: pages and a JSON API over one table of routes (`routes.py`), behind one door (`door.py`)."""
