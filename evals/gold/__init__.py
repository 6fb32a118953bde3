"""Gold of public benchmarks as formalizations."""
