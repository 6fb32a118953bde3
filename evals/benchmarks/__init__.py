"""One module a family of benchmarks."""
