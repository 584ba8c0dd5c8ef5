"""Is one run better, worse or not yet known against another: pairs, statistics, and the gate's verdict."""
