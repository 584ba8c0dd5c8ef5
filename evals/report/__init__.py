"""A run, or two side by side, as one HTML page without any outside reference, and the gate's verdict in four forms."""
