"""miniF2F rows as formal texts: the statement to be proved, header first, without a proof."""

from __future__ import annotations

from typing import Any

from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization

__all__ = ["minif2f_formalization"]


def minif2f_formalization(raw: dict[str, Any], assistant: Formalism) -> Formalization:
    """The statement of a row. Raises InputError for a row without one, or for another formalism."""
    if assistant not in {Formalism.LEAN, Formalism.ROCQ}:
        raise InputError(f"'{assistant}' is not a proof assistant")
    stated = raw.get("formal_statement")
    if not isinstance(stated, str) or not stated.strip():
        raise InputError(f"the row '{raw.get('name', '?')}' has no formal statement")
    language = "lean4" if assistant is Formalism.LEAN else "rocq"
    return Formalization(formalism=assistant, language=language, text=f"{raw.get('header', '')}{stated}")
