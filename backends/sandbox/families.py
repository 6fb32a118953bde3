"""The engine families: what each zygote has loaded. Some engine libraries cannot share a process."""

from __future__ import annotations

__all__ = ["FAMILIES"]

FAMILIES: dict[str, tuple[str, ...]] = {
    "plain": (),
    "fol": ("quod.backends.fol.engines.ground", "quod.backends.fol.engines.forward"),
    "z3": ("z3",),
    "cvc5": ("cvc5", "cvc5.pythonic"),
    "pysmt": ("z3", "pysmt.shortcuts", "pysmt.smtlib.parser"),
    "highs": ("highspy", "numpy", "quod.backends.milp.engines.highs"),
    "ortools": ("ortools.sat.python.cp_model", "ortools.linear_solver.pywraplp", "ortools.math_opt.python.mathopt"),
    "scip": ("pyscipopt",),
    "pyomo": ("pyomo.environ",),
    "up": ("unified_planning.shortcuts", "unified_planning.io", "unified_planning.engines"),
}
"""Modules imported by each family's zygote before it forks. ``plain`` has only quod's own code."""
