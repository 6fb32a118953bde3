"""The guard for texts whose elements cannot be told apart: JSON that is no JSON, PDDL with a parenthesis astray.

Such a repair puts marks right. Its words, numbers and comparisons must stay as they stood; only a name that a
diagnostic quotes may, everywhere, give way to the one it is a slip of.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from quod.core.diagnostics import Diagnostic, Severity
from quod.repair.blame import fold, quoted
from quod.repair.guard import misspelt, refusal

__all__ = ["changed_words"]

_TOKEN = re.compile(r"[^\W\d][\w-]*|\d+(?:\.\d+)?|<=|>=|=>|->|[<>=¬∀∃∧∨→↔⊕≤≥≠+*/-]")


def changed_words(before: str, after: str, diagnostics: tuple[Diagnostic, ...], text: str) -> tuple[Diagnostic, ...]:
    """Why the repair of an unreadable text is refused; empty if it is not."""
    old, new = _tokens(before), _tokens(after)
    spoken = {fold(word) for word in quoted(tuple(d for d in diagnostics if d.severity is not Severity.INFO))}
    known = {*old, *_tokens(text)}
    refused = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lost, gained = old[i1:i2], new[j1:j2]
        if tag == "equal" or (
            len(lost) == len(gained)
            and all(a in spoken and a not in new and b in known for a, b in zip(lost, gained, strict=True))
            and all(misspelt(a, b) for a, b in zip(lost, gained, strict=True))
        ):
            continue
        what = " ".join(lost or gained)[:80]
        did = "added" if not lost else "dropped" if not gained else "changed"
        refused.append(refusal(f"'{what}' was {did}; only the notation was wrong"))
    return tuple(refused[:5])


def _tokens(text: str) -> list[str]:
    """Words, numbers and relations; brackets, quotes and commas are left out."""
    return [match[0].lower() for match in _TOKEN.finditer(text)]
