"""What has to be shown for each conclusion. Producer and checker both start from here.

An obligation says that a set of sentences has no model (``unsat``) or has one (``sat``). Sentences are referred
to by id; the ids of what is asked, of its negation and of our own axioms are reserved, so that no premise can take
their place.
"""

from __future__ import annotations

from dataclasses import dataclass

from quod.backends.fol.ground import RESERVED, axioms
from quod.backends.fol.syntax import App, Eq, Formula, Not, Or, Pred, Sentence, Theory, negation
from quod.core.verdict import Conclusion

__all__ = ["OTHER", "Obligation", "asked", "assumed", "claimed", "denied", "differs_from", "obligations"]

OTHER = f"{RESERVED}other"
"""The id of the sentence that says that the solution is another one."""


def claimed(k: int = 0) -> str:
    """The id of the k-th formula asked. No sentence of a text can have it: see :data:`RESERVED`."""
    return f"{RESERVED}+{k}"


def denied(k: int = 0) -> str:
    """The id of its negation."""
    return f"{RESERVED}-{k}"


@dataclass(frozen=True, slots=True)
class Obligation:
    """``kind`` is ``sat`` or ``unsat``; ``extra`` names what is assumed besides the premises."""

    kind: str
    extra: tuple[str, ...] = ()


def asked(theory: Theory, reference: str) -> Sentence:
    """The sentence of a reference made by :func:`claimed` or :func:`denied`."""
    sign, k = reference[len(RESERVED)], int(reference[len(RESERVED) + 1 :])
    s = theory.question.formulas[k]
    formula = s.formula if sign == "+" else negation(s.formula)
    return Sentence(reference, formula, s.words, s.line)


def assumed(theory: Theory, extra: tuple[str, ...]) -> dict[str, Sentence]:
    """Everything an obligation assumes, by id: premises, what declarations say, and the extra sentences."""
    found = {s.id: s for s in theory.premises}
    found.update({s.id: s for s in axioms(theory)})
    found.update({r: asked(theory, r) for r in extra})
    return found


def obligations(theory: Theory, conclusion: Conclusion, data: dict[str, object]) -> list[Obligation] | None:
    """What a conclusion needs shown, or None if the theory's question has no such conclusion.

    For a choice, ``data["holding"]`` lists the indices of the options that must be true.
    """
    kind = theory.question.kind
    if conclusion is Conclusion.INCONSISTENT and kind != "find":
        return [Obligation("unsat")]
    if kind == "entails":
        return {
            Conclusion.PROVED: [Obligation("unsat", (denied(),)), Obligation("sat", (claimed(),))],
            Conclusion.DISPROVED: [Obligation("unsat", (claimed(),)), Obligation("sat", (denied(),))],
            Conclusion.UNDETERMINED: [Obligation("sat", (claimed(),)), Obligation("sat", (denied(),))],
        }.get(conclusion)
    if kind == "choice":
        count = len(theory.question.formulas)
        listed = data.get("holding")
        holding = set(listed) if isinstance(listed, list) else set()
        fits = {
            Conclusion.UNIQUE: len(holding) == 1,
            Conclusion.SEVERAL: len(holding) > 1,
            Conclusion.NONE: not holding,
        }.get(conclusion)
        if not fits or not holding <= set(range(count)):
            return None
        needed = [Obligation("unsat" if k in holding else "sat", (denied(k),)) for k in range(count)]
        if len(holding) == count:
            needed.append(Obligation("sat"))
        return needed
    if kind == "find":
        return {
            Conclusion.UNIQUE: [Obligation("sat"), Obligation("unsat", (OTHER,))],
            Conclusion.SEVERAL: [Obligation("sat"), Obligation("sat", (OTHER,))],
            Conclusion.NONE: [Obligation("unsat")],
        }.get(conclusion)
    return None


def differs_from(
    theory: Theory, functions: dict[str, dict[tuple[str, ...], str]], predicates: dict[str, set[tuple[str, ...]]]
) -> Sentence:
    """ "The solution is another one": some function or predicate over closed sorts differs from those given."""
    same: list[Formula] = []
    for f in theory.functions.values():
        if all(theory.is_closed(s) for s in (*f.sorts, f.result)):
            for args, value in sorted(functions[f.name].items()):
                same.append(Eq(App(f.name, tuple(App(a) for a in args)), App(value)))
    for p in theory.predicates.values():
        if all(theory.is_closed(s) for s in p.sorts):
            for row in _rows(theory, p.sorts):
                atom = Pred(p.name, tuple(App(a) for a in row))
                same.append(atom if row in predicates.get(p.name, set()) else Not(atom))
    different = tuple(negation(f) for f in same)
    body: Formula = Or(different) if len(different) > 1 else (different[0] if different else Or(()))
    return Sentence(OTHER, body, "the solution is another one")


def _rows(theory: Theory, sorts: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()]
    for s in sorts:
        rows = [(*r, e) for r in rows for e in theory.sorts[s].elements or ()]
    return rows
