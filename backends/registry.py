"""Which backend serves which formalism: one line each. A backend is imported when it is first asked for."""

from __future__ import annotations

import importlib
from functools import cache

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.outline import Element
from quod.core.protocols import Backend

__all__ = ["get_backend", "outline_of", "supported"]

# Each module has ``backend() -> Backend``.
_MODULES = {
    Formalism.FOL: "quod.backends.fol",
    Formalism.MILP: "quod.backends.milp",
    Formalism.PDDL: "quod.backends.pddl",
    Formalism.LEAN: "quod.backends.lean",
    Formalism.ROCQ: "quod.backends.rocq",
}


@cache
def get_backend(formalism: Formalism) -> Backend:
    """The backend of a formalism, made once."""
    backend = importlib.import_module(_MODULES[formalism]).backend()
    assert isinstance(backend, Backend)
    return backend


def supported() -> tuple[Formalism, ...]:
    """Every formalism with a backend."""
    return tuple(_MODULES)


def outline_of(formalization: Formalization) -> tuple[Element, ...]:
    """The elements of a formal text, by its backend's ``outline`` module; none where they cannot be told apart."""
    module = importlib.import_module(f"{_MODULES[formalization.formalism]}.outline")
    elements: tuple[Element, ...] = module.outline(formalization.text)
    return elements
