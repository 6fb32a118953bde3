"""Optimization: linear, integer, nonlinear and constraint programs, solved and certified. See docs/milp.md."""
