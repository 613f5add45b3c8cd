"""Side-by-side measurements: ratios of medians taken in one run, each against a bound."""
