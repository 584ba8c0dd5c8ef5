"""What is said to a language model about one item, and what its reply may say: pure, no vendor, no file."""
