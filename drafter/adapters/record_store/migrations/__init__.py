"""How a database came to have its tables: one file a step, never changed once released."""
