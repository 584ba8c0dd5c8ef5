"""The rows of the table of checks, a module to a kind; `drafter.domain.checks.registry` joins them."""
