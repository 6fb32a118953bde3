"""The vocabulary every other folder speaks. Imports none of them. See docs/architecture.md."""
