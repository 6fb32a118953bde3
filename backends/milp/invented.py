"""Signs of a slip that a model shows beside its words: a number they do not say, a sum that names one thing twice."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import prod

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number
from quod.backends.milp.model import Model
from quod.backends.milp.nodes import Add, Compare, Comprehension, Expr, Mul, Name, Num, Plain, children
from quod.core.diagnostics import Diagnostic
from quod.core.problem import Problem
from quod.core.quantities import find_quantities

__all__ = ["invented_numbers", "repeated_variables"]

_USUAL = frozenset(Fraction(n) for n in (0, 1, 2, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000, 3600))
"""Numbers that turn one measure into another, or a ratio upside down: nobody says them."""
_CONVERSIONS = tuple(Fraction(n) for n in (7, 12, 24, 30, 52, 60, 100, 365, 1000, 3600))
_STRICT = re.compile(r"\b(?:more|less|fewer|greater|larger|over|under|above|below|exceeds?)\b", re.IGNORECASE)
_MOST = 60


def invented_numbers(ground: Ground, problem: Problem) -> Iterator[Diagnostic]:
    """A warning for each number of a rule or of the objective that no number of the words can give."""
    if problem.context or ground.model.sets or not problem.text.strip():
        return
    said = {abs(v) for q in find_quantities(problem.text) for v in q.values}
    if not said or len(said) > _MOST:
        return
    known = _derived(said, strict=_STRICT.search(problem.text) is not None)
    for element, values in _numbers(ground.model):
        if not all(abs(v) in known for v in values) and abs(prod(values)) not in known:
            value = " · ".join(map(str, values))
            yield codes.NUMBER_INVENTED.warning(
                f"'{element}' has the number {value}, which the words neither say nor give", data={"element": element}
            )


def _derived(said: set[Fraction], *, strict: bool) -> set[Fraction]:
    """What a model may write for numbers that are said: they themselves, shares of the rest, two put together."""
    known = said | _USUAL
    known |= {whole - a for a in said for whole in (Fraction(1), Fraction(100)) if a < whole}
    known |= {a * b for a, b in itertools.combinations_with_replacement(sorted(said), 2)}
    known |= {a / b for a in said for b in known if b} | {1 / a for a in known if a}
    known |= {c * a for a in said for c in _CONVERSIONS}
    known |= {abs(a - b) for a, b in itertools.combinations(sorted(said), 2)}
    if strict:
        known |= {a + step for a in said for step in (-1, 1)}
    return known


def _numbers(model: Model) -> Iterator[tuple[str, list[Fraction]]]:
    """Every number written in a rule or the objective with the name of the element; those of one product together."""
    parts = [(c.name, c.rule) for c in model.constraints]
    if model.objective is not None:
        parts.append(("objective", model.objective.expression))
    for element, expression in parts:
        stack = [expression]
        while stack:
            part = stack.pop()
            if isinstance(part, Num):
                yield element, [Fraction(part.value)]
            elif isinstance(part, Mul):
                own = [_power(e.value, divides) for divides, e in part.factors if isinstance(e, Num)]
                if own:
                    yield element, own
                stack += [e for _, e in part.factors if not isinstance(e, Num)]
            elif not isinstance(part, Comprehension):
                stack += children(part)


def _power(value: Number, divides: bool) -> Fraction:
    return 1 / Fraction(value) if divides and value else Fraction(value)


def repeated_variables(model: Model) -> Iterator[Diagnostic]:
    """A warning for each sum in which one variable has two terms: one of them may be another's."""
    parts = [(c.name, c.rule) for c in model.constraints]
    if model.objective is not None:
        parts.append(("objective", model.objective.expression))
    for element, expression in parts:
        for name, times in itertools.chain.from_iterable(_counted(side) for side in _sides(expression)):
            if times > 1:
                yield codes.REPEATED.warning(
                    f"'{element}' adds up '{name}' {times} times with different weights", data={"element": element}
                )


def _sides(expression: Expr) -> list[Expr]:
    if isinstance(expression, Compare):
        return [expression.first, *(side for _, side in expression.rest)]
    return [expression]


def _counted(side: Expr) -> list[tuple[str, int]]:
    """The variables of a sum of weighted variables, with how many different positive weights each has."""
    terms: set[tuple[str, Number]] = set()
    if isinstance(side, Plain):
        terms = {(n, w) for n, w in zip(side.names, side.weights, strict=True) if n is not None and w > 0}
    elif isinstance(side, Add):
        for sign, term in side.terms:
            weighted = _weighted(term)
            # what is taken away again is a share of the rest: x - 0.3*x - 0.3*y
            if weighted is not None and sign > 0 and weighted[1] > 0:
                terms.add(weighted)
    counts = Counter(name for name, _ in terms)
    return [(name, times) for name, times in counts.items() if times > 1]


def _weighted(term: Expr) -> tuple[str, Number] | None:
    """The variable and the weight of a term such as ``3 * x``."""
    if isinstance(term, Name):
        return term.name, 1
    if isinstance(term, Mul) and len(term.factors) == 2 and not any(divides for divides, _ in term.factors):
        for (_, a), (_, b) in (term.factors, term.factors[::-1]):
            if isinstance(a, Num) and isinstance(b, Name):
                return b.name, a.value
    return None
