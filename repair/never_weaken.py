"""Whether a repair may stand: by its elements where they can be told apart, by its words where they cannot."""

from __future__ import annotations

import re

from quod.backends.registry import outline_of
from quod.core.diagnostics import Diagnostic, Severity
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.repair.guard import weakenings
from quod.repair.tokens import changed_words

__all__ = ["refused"]

_ASTRAY = re.compile(r"pddl\.(missing_parenthesis|extra_parenthesis|syntax|unknown_section|missing_section)")


def refused(
    before: Formalization, after: Formalization, diagnostics: tuple[Diagnostic, ...], text: str
) -> tuple[Diagnostic, ...]:
    """Why the repair of ``before`` into ``after`` is refused; empty if it may stand.

    ``diagnostics`` are those the repair was asked to mend, ``text`` is the problem's.
    """
    old = outline_of(before)
    # a parenthesis astray moves whatever follows into another element
    astray = before.formalism is Formalism.PDDL and any(
        d.severity is Severity.ERROR and _ASTRAY.fullmatch(d.code) for d in diagnostics
    )
    if not old or astray:
        return changed_words(before.text, after.text, diagnostics, text)
    return weakenings(old, outline_of(after), diagnostics, text)
