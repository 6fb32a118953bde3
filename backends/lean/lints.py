"""What may be wrong with a Lean statement that elaborates: truncated arithmetic, names out of reach, assumptions."""

from __future__ import annotations

import re
from collections import Counter

from quod.backends.itp.types import Statement
from quod.backends.lean import codes
from quod.backends.lean.scan import blank_comments, commands
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["lint_statement"]

_NATURAL = re.compile(r":\s*(?:ℕ|Nat)\b")
_WHOLE = re.compile(r":\s*(?:ℕ|ℤ|Nat|Int)\b")
_REAL = re.compile(r"ℝ|ℚ|ℂ|\bReal\b|\bRat\b")


def lint_statement(statement: Statement) -> tuple[Diagnostic, ...]:
    """Warnings and notes about a statement, without Lean."""
    found: list[Diagnostic] = []
    text = blank_comments(statement.text, strings=True)
    whole, offset = statement.source, len(statement.header)
    assumed = [
        c.words[1] for c in commands(statement.header) if c.words[:1] in {("axiom",), ("opaque",)} and len(c.words) > 1
    ]
    if assumed or re.search(r"(?<![\w.])sorry(?![\w'])", blank_comments(statement.header, strings=True)):
        names = ", ".join(assumed) or "a hole"
        found.append(codes.HEADER_AXIOM.warning(f"the header assumes without proof: {names}"))
    counts = Counter(name for b in statement.binders for name in b.names)
    for name, count in counts.items():
        if count > 1 and name != "_":
            found.append(codes.SHADOWED_HYPOTHESIS.info(f"'{name}' is bound {count} times; only the last can be named"))
    minus = re.search(r"[\w)₀-₉]\s-\s[\w(]", text)
    if minus and _NATURAL.search(text) and not re.search(r"ℤ|ℝ|ℚ|ℂ", text):
        span = Span.at(whole, offset + minus.start(), offset + minus.end())
        hint = "use ℤ where it may be negative"
        found.append(codes.NAT_SUBTRACTION.info("on natural numbers 3 - 5 is 0", span=span, hint=hint))
    slash = re.search(r"(?<!\w)?\s/\s", text)
    if slash:
        span = Span.at(whole, offset + slash.start(), offset + slash.end())
        if _WHOLE.search(text) and not _REAL.search(text):
            found.append(codes.NAT_DIVISION.info("on whole numbers 7 / 2 is 3", span=span))
        elif _REAL.search(text) and re.search(r"/\s*(?:\(|[^\W\d])", text):
            found.append(codes.ZERO_DIVISION.info("x / 0 is 0 in Mathlib", span=span))
    return tuple(found)
