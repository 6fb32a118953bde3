"""A Rocq statement read back in words, deterministically."""

from __future__ import annotations

import re

from quod.backends.itp.types import Statement

__all__ = ["read_back"]

_SORTS = {"R": "real number", "nat": "natural number", "Z": "integer", "Q": "rational number", "C": "complex number",
          "bool": "truth value", "positive": "positive integer", "list nat": "list of natural numbers",
          "list R": "list of real numbers", "R -> R": "function from reals to reals",
          "nat -> R": "sequence of reals", "nat -> nat": "sequence of natural numbers",
          "nat -> Z": "sequence of integers"}  # fmt: skip


def read_back(statement: Statement) -> str:
    """One statement a line: what is given, what is assumed, what is claimed."""
    lines: list[str] = []
    assumed: list[str] = []
    for binder in (*statement.binders, *statement.quantified):
        kind = " ".join(binder.type.split())
        names = ", ".join(binder.names)
        if re.search(r"[=<>]|/\\|forall|->\s*False|\bprime\b", kind):
            assumed.append(kind)
        elif kind in _SORTS:
            plural = "s" if len(binder.names) > 1 else ""
            lines.append(f"Let {names} be any {_SORTS[kind]}{plural}.")
        else:
            lines.append(f"Let {names} be any {kind}." if kind else f"Let {names} be given.")
    assumed += [" ".join(premise.split()) for premise in statement.hypotheses]
    lines += [f"Suppose {premise}." for premise in assumed]
    goal = " ".join((statement.goal or statement.type).split())
    lines.append(f"Then {goal}." if lines else f"{goal}.")
    return "\n".join(lines)
