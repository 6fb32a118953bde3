"""Which backend serves which formalism: one line each. A backend is imported when it is first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache

from quod.core.diagnostics import Diagnostic
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.outline import Element
from quod.core.problem import Problem
from quod.core.protocols import Backend, CheckResult

__all__ = ["get_backend", "outline_of", "probes_of", "supported"]

# The class in each folder's ``backend`` module.
_CLASSES = {
    Formalism.FOL: "FolBackend",
    Formalism.MILP: "MilpBackend",
    Formalism.PDDL: "PddlBackend",
    Formalism.LEAN: "LeanBackend",
    Formalism.ROCQ: "RocqBackend",
}
_PROBED = frozenset({Formalism.MILP, Formalism.PDDL})
"""Those whose folder has a ``probes`` module."""


@cache
def get_backend(formalism: Formalism) -> Backend:
    """The backend of a formalism, made once."""
    module = importlib.import_module(f"quod.backends.{formalism}.backend")
    backend = getattr(module, _CLASSES[formalism])()
    assert isinstance(backend, Backend)
    return backend


def supported() -> tuple[Formalism, ...]:
    """Every formalism with a backend."""
    return tuple(_CLASSES)


def outline_of(formalization: Formalization) -> tuple[Element, ...]:
    """The elements of a formal text, by its backend's ``outline`` module; none where they cannot be told apart."""
    module = importlib.import_module(f"quod.backends.{formalization.formalism}.outline")
    elements: tuple[Element, ...] = module.outline(formalization.text)
    return elements


def probes_of(
    formalization: Formalization,
    problem: Problem,
    result: CheckResult,
    ask: Callable[[Formalization], CheckResult],
) -> tuple[Diagnostic, ...]:
    """What its backend's ``probes`` module finds odd about a text that nobody vouches for; ``ask`` checks variants."""
    if formalization.formalism not in _PROBED:
        return ()
    module = importlib.import_module(f"quod.backends.{formalization.formalism}.probes")
    found: tuple[Diagnostic, ...] = module.probes(formalization, problem, result, ask)
    return found
