"""What may be wrong with a statement that Rocq accepts: assumptions in the header, truncated arithmetic."""

from __future__ import annotations

import re

from quod.backends.itp.types import CheatKind, Statement
from quod.backends.rocq import codes
from quod.backends.rocq.checker import header_axioms
from quod.backends.rocq.commands import check_commands
from quod.backends.rocq.sentences import strip_comments
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["lint_statement"]

_OPEN = re.compile(r"Open\s+Scope\s+(\w+)_scope")
_NAT_MINUS = re.compile(r"\w\s*-\s*[\w(]")
_FRACTION = re.compile(r"(?<![\\/])/(?![\\])\s*(?P<by>\(|[^\W\d][\w']*)")


def lint_statement(statement: Statement, *, given: bool) -> tuple[Diagnostic, ...]:
    """Warnings and notes about a statement; ``given`` says that a person wrote its header."""
    found: list[Diagnostic] = []
    whole = statement.source
    offset = len(statement.header)
    assumed = header_axioms(statement.header)
    if assumed:
        code = codes.HEADER_AXIOM_GIVEN if given else codes.HEADER_AXIOM
        names = ", ".join(assumed[:8])
        hint = "the answer holds as far as these hold together"
        found.append(code.warning(f"the header assumes without proof: {names}", hint=hint))
    # what a header assumes is a matter of faithfulness; what it does to the machine or the kernel is not negotiable
    refused = {CheatKind.COMMAND, CheatKind.UNSOUND}
    found += [d for kind, d in check_commands(statement.header) if kind in refused]
    text = strip_comments(statement.text)
    opened = _OPEN.findall(statement.header)
    scope = opened[-1] if opened else "nat"
    body = text.replace("->", "  ")
    if scope == "nat" and (match := _NAT_MINUS.search(body)) and not re.search(r"%[ZRQ]|\b[ZRC]\b", text):
        span = Span.at(whole, offset + match.start(), offset + match.end())
        found.append(
            codes.NAT_SUBTRACTION.info(
                "on natural numbers 3 - 5 is 0", span=span, hint="use Z where it may be negative"
            )
        )
    match = _FRACTION.search(text)
    if match and scope in {"nat", "Z"} and not re.search(r"%[RQ]", text):
        span = Span.at(whole, offset + match.start(), offset + match.end())
        found.append(codes.NAT_DIVISION.info("on whole numbers 7 / 2 is 3, and 7 / 0 is 0", span=span))
    elif match and scope in {"R", "C", "Q"}:
        divisor = match["by"]
        if divisor == "(" or not re.search(
            rf"\b{re.escape(divisor)}\s*(<>|≠)\s*0|0\s*<\s*{re.escape(divisor)}\b", text
        ):
            span = Span.at(whole, offset + match.start(), offset + match.end())
            found.append(codes.ZERO_DIVISION.info("x / 0 is a number in Rocq, but nothing is known of it", span=span))
    return tuple(found)
