"""Which deterministic translators there are: one line each, imported when first asked for."""

from __future__ import annotations

import importlib
from functools import cache

from quod.core.formalism import Formalism
from quod.core.protocols import Translator

__all__ = ["controlled_translator", "with_grammar"]

# Each module has ``translator() -> Translator``.
_CONTROLLED = {
    Formalism.FOL: "quod.translators.controlled.fol",
    Formalism.MILP: "quod.translators.controlled.milp",
    Formalism.PDDL: "quod.translators.controlled.pddl",
}


@cache
def controlled_translator(formalism: Formalism) -> Translator | None:
    """The controlled-English translator of a formalism, made once; None if it has no grammar."""
    name = _CONTROLLED.get(formalism)
    if name is None:
        return None
    translator = importlib.import_module(name).translator()
    assert isinstance(translator, Translator)
    return translator


def with_grammar() -> tuple[Formalism, ...]:
    """The formalisms that have a controlled-English translator."""
    return tuple(_CONTROLLED)
