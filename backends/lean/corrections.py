"""Tool correction (after Lyra) for Lean: tactics of other versions or assistants, swapped for ones that fit."""

from __future__ import annotations

import re

__all__ = ["PORTFOLIO", "corrected", "product_hints", "try_instead"]

_WORDS: tuple[tuple[str, str], ...] = (
    (r"\blia\b", "omega"),
    (r"\b(?:lra|fourier)\b", "linarith"),
    (r"\b(?:nia|nra|psatz)\b", "nlinarith"),
    (r"\bnormnum\b", "norm_num"),
    (r"\bring_nf at\b", "ring_nf at"),
    (r"\bfield\b(?!_)", "field_simp"),
    (r"\breflexivity\b", "rfl"),
    (r"\bintuition\b", "tauto"),
    (r"\bcc\b", "simp_all"),
    (r"\blibrary_search\b", "exact?"),
    (r"\bpolyrith\b", "nlinarith"),
    (r"\brcases\s+(\S+)\s+with\s+\[([^\]|]*)\]", r"rcases \1 with ⟨\2⟩"),
    (r"\bdestruct\s+(\S+)\b", r"cases \1"),
    (r"\bsquare_nonneg\b", "sq_nonneg"),
    (r"\bmul_self_nonneg\b", "mul_self_nonneg"),
    (r"\bnat\.", "Nat."),
    (r"\bint\.", "Int."),
    (r"\breal\.", "Real."),
    (r"\bfinset\.", "Finset."),
    (r"\bλ\s*([^,]*),", r"fun \1 =>"),
)
_COMPILED = tuple((re.compile(pattern), plain) for pattern, plain in _WORDS)

_INSTEAD: dict[str, tuple[str, ...]] = {
    "linarith": ("nlinarith [sq_nonneg (a - b)]", "positivity", "norm_num", "omega"),
    "nlinarith": ("positivity", "linarith", "norm_num", "field_simp; ring_nf; nlinarith"),
    "omega": ("decide", "norm_num", "linarith", "simp_all"),
    "ring": ("ring_nf", "field_simp; ring", "norm_num", "linarith"),
    "norm_num": ("simp", "decide", "ring_nf", "linarith"),
    "simp": ("norm_num", "simp_all", "aesop", "omega"),
    "decide": ("norm_num", "rfl", "simp", "omega"),
    "field_simp": ("ring_nf", "norm_num", "simp"),
    "rfl": ("norm_num", "simp", "decide", "ring"),
    "exact": ("simp_all", "linarith", "aesop"),
    "rw": ("simp only", "simp", "norm_num"),
    "aesop": ("simp_all", "grind", "tauto", "norm_num"),
    "positivity": ("nlinarith", "norm_num", "linarith"),
}
PORTFOLIO = (
    "norm_num", "linarith", "nlinarith", "omega", "positivity", "ring", "field_simp; ring", "simp_all", "decide",
    "aesop", "grind", "norm_num [*] at *", "tauto", "rfl",
)  # fmt: skip


def corrected(tactic: str) -> str | None:
    """The tactic with foreign words swapped; None if there were none."""
    new = tactic
    for pattern, plain in _COMPILED:
        new = pattern.sub(plain, new)
    return new if new != tactic else None


def try_instead(tactic: str) -> tuple[str, ...]:
    """What to try where a tactic failed, in order."""
    head = re.match(r"\s*([\w?!]+)", tactic)
    first = _INSTEAD.get(head[1], ()) if head else ()
    return tuple(dict.fromkeys((*first, *PORTFOLIO)))


def product_hints(goal: str, limit: int = 6) -> tuple[str, ...]:
    """``nlinarith`` with squares of differences and products of the real variables in a printed goal."""
    names: list[str] = []
    for match in re.finditer(r"^([\w₀-₉ ]+) : (?:ℝ|ℚ|ℤ)$", goal, re.MULTILINE):
        names += match[1].split()
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]][:limit]
    squares = [f"sq_nonneg ({a} - {b})" for a, b in pairs] + [f"sq_nonneg {a}" for a in names[:limit]]
    products = [f"mul_pos {h} {k}" for h, k in _positives(goal)]
    hints = [", ".join(squares)] if squares else []
    if products:
        hints.append(", ".join([*squares[:3], *products[:4]]))
    return tuple(f"nlinarith [{hint}]" for hint in hints)


def _positives(goal: str) -> list[tuple[str, str]]:
    found = re.findall(r"^(\w[\w₀-₉']*) : 0 < \w+$", goal, re.MULTILINE)
    return [(a, b) for i, a in enumerate(found) for b in found[i + 1 :]]
