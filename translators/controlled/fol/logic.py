"""Formulas under construction, and their notation. Just enough to write quod-fol text."""

from __future__ import annotations

__all__ = ["Formula", "conj", "disj", "mentions", "notation"]

Formula = tuple[object, ...]
"""``("p", name, term, …)``, ``("not", f)``, ``("and" | "or", f, …)``, ``("->" | "xor" | "<->", f, g)``,
``("all" | "some", variable, f)``, ``("=", term, term)`` or ``("<", term, term)``; terms are strings."""


def conj(parts: list[Formula]) -> Formula:
    """All of them."""
    return parts[0] if len(parts) == 1 else ("and", *parts)


def disj(parts: list[Formula]) -> Formula:
    """At least one of them."""
    return parts[0] if len(parts) == 1 else ("or", *parts)


def mentions(f: object, term: str) -> bool:
    """Whether a formula speaks of a term."""
    return f == term if isinstance(f, str) else isinstance(f, tuple) and any(mentions(part, term) for part in f[1:])


_JOIN = {"and": " ∧ ", "or": " ∨ ", "->": " → ", "xor": " ⊕ ", "<->": " ↔ "}


def notation(f: Formula, top: bool = True) -> str:
    """The formula in quod-fol notation, with parentheses round every compound part."""
    kind = f[0]
    if kind == "p":
        args = ", ".join(str(a) for a in f[2:])
        return f"{f[1]}({args})" if args else str(f[1])
    if kind in {"=", "<", "!="}:
        text = f"{f[1]} {'≠' if kind == '!=' else kind} {f[2]}"
        return text if top else f"({text})"
    if kind == "not":
        return "¬" + notation(_formula(f[1]), top=False)
    if kind in {"all", "some"}:
        sign = "∀" if kind == "all" else "∃"
        return f"{sign}{f[1]} ({notation(_formula(f[2]))})"
    text = _JOIN[str(kind)].join(notation(_formula(g), top=False) for g in f[1:])
    return text if top else f"({text})"


def _formula(value: object) -> Formula:
    assert isinstance(value, tuple)
    return value
