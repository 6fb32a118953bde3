"""The one missing fact that would settle an open question (the idea of QuestBench; Li, Kim and Wang, 2025)."""

from __future__ import annotations

import itertools
import time

from quod.backends.fol.ground import RESERVED
from quod.backends.fol.obligations import assumed, claimed, denied
from quod.backends.fol.search import decide
from quod.backends.fol.syntax import App, Formula, Not, Pred, Sentence, Theory, atoms, constants_of

__all__ = ["missing_fact"]

FACT = f"{RESERVED}missing"


def _candidates(theory: Theory) -> list[Pred]:
    """Atoms over the things the question names, those the question itself asks left out."""
    question = theory.question.formulas[0].formula
    own = {a for a in atoms(question) if isinstance(a, Pred)}
    things = sorted(constants_of(question))
    found = []
    for p in theory.predicates.values():
        for row in itertools.product(things, repeat=len(p.sorts)):
            fits = all(theory.sort_of(App(c), {}) == s for c, s in zip(row, p.sorts, strict=True))
            atom = Pred(p.name, tuple(App(c) for c in row))
            if fits and atom not in own:
                found.append(atom)
    return found[:60]


def missing_fact(theory: Theory, seconds: float) -> Pred | None:
    """An atom that, known true or known false, would decide the question either way; None if none does."""
    deadline = time.monotonic() + seconds
    one_way: Pred | None = None
    for atom in _candidates(theory):
        answers = []
        for fact in (atom, Not(atom)):
            if time.monotonic() > deadline:
                return one_way
            answers.append(_settled(theory, fact, deadline))
        if all(answers):
            return atom
        if any(answers) and one_way is None:
            one_way = atom
    return one_way


def _settled(theory: Theory, fact: Formula, deadline: float) -> bool:
    """Whether the fact decides the question without contradicting the premises."""
    refuted = []
    for side in (denied(), claimed()):
        sentences = {**assumed(theory, (side,)), FACT: Sentence(FACT, fact)}
        refuted.append(decide(theory, sentences, max(0.01, deadline - time.monotonic()), rounds=1).kind == "unsat")
    return refuted[0] != refuted[1]
