"""A Lean statement read back in words, deterministically."""

from __future__ import annotations

from quod.backends.itp.types import Statement

__all__ = ["read_back"]

_SORTS = {"ℝ": "real number", "ℕ": "natural number", "ℤ": "integer", "ℚ": "rational number", "ℂ": "complex number",
          "Prop": "proposition", "Bool": "truth value", "ℕ → ℝ": "sequence of reals",
          "ℝ → ℝ": "function from reals to reals",
          "ℕ → ℕ": "sequence of natural numbers", "ℕ → ℤ": "sequence of integers", "Finset ℕ": "finite set of naturals",
          "Finset ℝ": "finite set of reals"}  # fmt: skip


def read_back(statement: Statement) -> str:
    """One statement a line: what is given, what is assumed, what is claimed."""
    lines: list[str] = []
    for binder in (*statement.binders, *statement.quantified):
        kind = " ".join(binder.type.split())
        if kind in statement.hypotheses or binder.type in statement.hypotheses:
            continue
        names = ", ".join(binder.names)
        if kind in _SORTS:
            lines.append(f"Let {names} be any {_SORTS[kind]}{'s' if len(binder.names) > 1 else ''}.")
        elif names:
            lines.append(f"Let {names} be any {kind}." if kind else f"Let {names} be given.")
        else:
            lines.append(f"Let there be an instance of {kind}.")
    lines += [f"Suppose {' '.join(premise.split())}." for premise in statement.hypotheses]
    goal = " ".join((statement.goal or statement.type).split())
    lines.append(f"Then {goal}." if lines else f"{goal}.")
    return "\n".join(lines)
