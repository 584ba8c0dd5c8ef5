"""The audit of many letters as one HTML page without any outside reference."""
