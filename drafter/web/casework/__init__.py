"""What the case page shows: the state of a case turned into what stands in its panes. Pure; templates only print it."""
