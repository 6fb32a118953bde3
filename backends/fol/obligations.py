"""What has to be shown for each conclusion. Producer and checker both start from here.

An obligation says that a set of sentences has no model (``unsat``) or has one (``sat``). Sentences are referred
to by id; ``+k`` is the k-th formula asked, ``-k`` its negation, and ``*`` all premises.
"""

from __future__ import annotations

from dataclasses import dataclass

from quod.backends.fol.ground import axioms
from quod.backends.fol.syntax import App, Eq, Formula, Not, Or, Pred, Sentence, Theory, negation
from quod.core.verdict import Conclusion

__all__ = ["Obligation", "asked", "assumed", "differs_from", "obligations"]


@dataclass(frozen=True, slots=True)
class Obligation:
    """``kind`` is ``sat`` or ``unsat``; ``extra`` names what is assumed besides the premises."""

    kind: str
    extra: tuple[str, ...] = ()


def asked(theory: Theory, reference: str) -> Sentence:
    """The sentence ``+k`` or ``-k``."""
    s = theory.question.formulas[int(reference[1:])]
    formula = s.formula if reference[0] == "+" else negation(s.formula)
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
            Conclusion.PROVED: [Obligation("unsat", ("-0",)), Obligation("sat", ("+0",))],
            Conclusion.DISPROVED: [Obligation("unsat", ("+0",)), Obligation("sat", ("-0",))],
            Conclusion.UNDETERMINED: [Obligation("sat", ("+0",)), Obligation("sat", ("-0",))],
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
        needed = [Obligation("unsat" if k in holding else "sat", (f"-{k}",)) for k in range(count)]
        if len(holding) == count:
            needed.append(Obligation("sat"))
        return needed
    if kind == "find":
        return {
            Conclusion.UNIQUE: [Obligation("sat"), Obligation("unsat", ("other",))],
            Conclusion.SEVERAL: [Obligation("sat"), Obligation("sat", ("other",))],
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
    return Sentence("other", body, "the solution is another one")


def _rows(theory: Theory, sorts: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()]
    for s in sorts:
        rows = [(*r, e) for r in rows for e in theory.sorts[s].elements or ()]
    return rows
