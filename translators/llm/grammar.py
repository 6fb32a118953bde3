"""Grammars that a server can hold a model to, where it offers that: of quod-fol, and of PDDL problems.

They are in llama.cpp's GBNF, which vLLM's engine reads too, and are narrower than what quod's parsers read: a test
keeps every text of theirs readable, and every published gold within them. What comes back is read as any other answer.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from quod.core.formalism import Formalism
from quod.core.problem import Problem

__all__ = ["grammar_for"]

_FOLDER = Path(__file__).parent / "grammars"


def grammar_for(formalism: Formalism, problem: Problem) -> str | None:
    """The grammar (GBNF, root ``root``) of an answer, or None: milp has a JSON schema, and a PDDL problem whose
    domain is not at hand has to define its own."""
    if formalism is Formalism.FOL:
        return _read("fol")
    if formalism is Formalism.PDDL and any("(:action" in item.content for item in problem.attachments(".pddl")):
        return _read("pddl")
    return None


@cache
def _read(name: str) -> str:
    return (_FOLDER / f"{name}.gbnf").read_text(encoding="utf-8")
