"""A candidate in clean notation: mended without a model, and without touching what it says."""

from __future__ import annotations

from quod.backends.registry import get_backend
from quod.core.diagnostics import Diagnostic
from quod.core.formalization import Formalization
from quod.translators.llm.broken_json import one_slip
from quod.translators.llm.codes import MENDED_JSON
from quod.translators.llm.structured import schema_faults

__all__ = ["in_clean_notation"]


def in_clean_notation(formalization: Formalization) -> tuple[Formalization, tuple[Diagnostic, ...]]:
    """The formalization as its backend mends it, and what was done; itself, if nothing was."""
    backend = get_backend(formalization.formalism)
    mended = backend.mend(formalization.text)
    text, notes, schema = mended.text, mended.notes, backend.schema()
    if schema is not None:
        slip = one_slip(text, lambda value: not schema_faults(value, schema, limit=1))
        if slip is not None:
            text, notes = slip[0], (*notes, MENDED_JSON.info(slip[1]))
    return (formalization if text == formalization.text else formalization.model_copy(update={"text": text})), notes
