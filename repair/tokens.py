"""The guard for texts whose elements cannot be told apart: JSON that is no JSON, PDDL with a parenthesis astray.

Such a repair puts marks right. Its words, numbers and comparisons must stay as they stood, except on the lines that
the diagnostics locate or where they quote them; and no number of the problem may be lost, none gained.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from quod.core.diagnostics import Diagnostic, Severity
from quod.core.quantities import quantities
from quod.repair.blame import quoted
from quod.repair.guard import refusal

__all__ = ["changed_words"]

_TOKEN = re.compile(r"[^\W\d][\w-]*|\d+(?:\.\d+)?|<=|>=|=>|->|[<>=¬∀∃∧∨→↔⊕≤≥≠+*/-]")
_TRIVIAL = {"0", "1"}


def changed_words(before: str, after: str, diagnostics: tuple[Diagnostic, ...], text: str) -> tuple[Diagnostic, ...]:
    """Why the repair of an unreadable text is refused; empty if it is not."""
    old, new = _tokens(before), _tokens(after)
    wrong = tuple(d for d in diagnostics if d.severity is not Severity.INFO)
    lines = {d.span.line for d in wrong if d.span is not None and d.file is None}
    spoken = quoted(wrong)
    numbers = set(quantities(text))
    refused = []
    matcher = SequenceMatcher(None, [t for t, _ in old], [t for t, _ in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        lost, gained = old[i1:i2], [t for t, _ in new[j1:j2]]
        for token, line in lost:
            if token in numbers and token not in gained:
                refused.append(refusal(f"the number {token} of the problem was dropped"))
            elif line not in lines and token not in spoken:
                refused.append(refusal(f"'{token}' was dropped or changed though nothing was wrong there"))
        place = old[min(i1, len(old) - 1)][1] if old else 1
        near = place in lines or any(token in spoken for token, _ in lost)
        for token in gained:
            if token[0].isdigit() and token not in numbers and token not in _TRIVIAL:
                refused.append(refusal(f"{token} is a number that the problem does not have"))
            elif not near and token not in spoken:
                refused.append(refusal(f"'{token}' was added though nothing was missing there"))
    return tuple(refused[:5])


def _tokens(text: str) -> list[tuple[str, int]]:
    """Words, numbers and relations, each with its line; brackets, quotes and commas are left out."""
    return [
        (match[0].lower(), number)
        for number, line in enumerate(text.splitlines(), start=1)
        for match in _TOKEN.finditer(line)
    ]
