"""Named stories that lessons, tests and benchmarks share."""
