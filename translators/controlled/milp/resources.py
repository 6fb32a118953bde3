"""From tables and limits to a model: which table is optimized, and which each limit is of."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from quod.translators.controlled.milp.assemble import Assembled, Row
from quod.translators.controlled.milp.entities import Entities
from quod.translators.controlled.milp.lexicon import GAIN, GENERIC, MEASURES
from quod.translators.controlled.milp.pricing import COSTLY, MEASURED
from quod.translators.controlled.milp.supply import Limit, settle
from quod.translators.controlled.milp.tables import Table, content, joined
from quod.translators.controlled.milp.tokens import alike, stem

__all__ = ["measures", "resolve"]


def resolve(
    model: Assembled,
    tables: list[Table],
    limits: list[Limit],
    asked: frozenset[str],
    entities: Entities,
    measured: frozenset[str],
) -> None:
    """The objective and the rows of the limits, or what found no place."""
    many = len(entities.names)
    tables = _merged(tables, many)
    goal = _goal(tables, asked)
    if goal is None:
        model.problems.append("what is asked for is not what the amounts are of")
        return
    if set(goal.amounts) != set(range(many)):
        model.problems.append("not everything has a coefficient in what is optimized")
        return
    model.objective, model.goal_words, model.goal = goal.amounts, goal.words, "total"
    settled, unread = settle(limits, tables, entities.shared | measured, model.sense)
    if unread:
        model.problems.append(unread)
        return
    used: list[tuple[int, str]] = []
    for limit, table, loose in settled:
        terms = dict.fromkeys(range(many), Fraction(1)) if table is None else table.amounts
        if table is goal:
            model.problems.append(limit.words)  # a limit of what is optimized binds nothing, or is of something else
        if (id(table), limit.op) in used:
            model.problems.append(limit.words)
        used.append((id(table), limit.op))
        kind = "sum" if table is None else "linear"
        model.rows.append(Row(terms, limit.op, limit.value, limit.words, kind, kind, limit.strict, loose))
    for table in tables:
        whole = set(table.amounts) == set(range(many))
        if table is not goal and not any(t is table for _, t, _ in settled):
            model.problems.append(table.words)  # told of nothing that is limited
        elif not whole and not content(table.unit):
            model.problems.append(table.words)


_MEASURED = re.compile(r"\b(?:for (?:one|an?|each|every)|per) ([a-z]+)", re.IGNORECASE)
_SAID = re.compile(r"\b(?:(?:measured|counted|expressed) in|amounts are in) ([a-z]+)", re.IGNORECASE)
_UNITS = frozenset("megawatt gigabyte milliliter kilometer barrel bushel package room spot".split())
_TIMES = frozenset("day week month year hour minute night season quarter shift flight unit".split())


def measures(text: str) -> frozenset[str]:
    """Stems of the units the things themselves are measured in: *cost per ton*, *all measured in liters*."""
    said = frozenset(stem(m[1].lower()) for m in _SAID.finditer(text))
    return (
        said
        | frozenset({stem(m[1].lower()) for m in _MEASURED.finditer(text)} & (GENERIC | MEASURES | _UNITS)) - _TIMES
    )


def _merged(tables: list[Table], many: int) -> list[Table]:
    """Tables of one resource told in several sentences are one: *X needs 3 bolts. Y needs 4 bolts.*"""
    out: list[Table] = []
    for table in tables:
        fit = [
            t
            for t in out
            if len(t.amounts) < many
            and not t.amounts.keys() & table.amounts.keys()
            and t.money == table.money
            and joined(t.unit, table.unit)
            and _alike(t, table)
        ]
        if len(fit) == 1:
            (t,) = fit
            t.amounts = {**t.amounts, **table.amounts}
            t.unit |= table.unit
            t.about |= table.about
        else:
            out.append(replace(table, amounts=dict(table.amounts)))
    return out


def _alike(a: Table, b: Table) -> bool:
    """Whether two tables speak of one thing: the same unit, or the same class of money."""
    if a.unit and b.unit and not a.money:
        return True
    classes = [(bool(t.about & COSTLY), bool(t.about & GAIN)) for t in (a, b)]
    return classes[0] == classes[1] and (any(classes[0]) or bool(a.about & b.about))


def _goal(tables: list[Table], asked: frozenset[str]) -> Table | None:
    """The table that tells what is asked for."""
    scored = sorted(((_asked_of(table, asked), -k) for k, table in enumerate(tables)), reverse=True)
    if not scored or scored[0][0] <= 0 or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return None
    return tables[-scored[0][1]]


def _asked_of(table: Table, asked: frozenset[str]) -> float:
    told = table.about | table.unit
    classes = [{w for w in words if w in MEASURED} for words in (asked, told)]
    same = any(a & c and b & c for c in (COSTLY, GAIN) for a, b in [classes])
    if classes[0] and classes[1] and not same:
        return 0.0
    if classes[0] and not classes[1]:
        # asked for a cost: only money can be one where no word tells
        return 0.5 * len(asked & told) if not table.money else 0.0
    near = {w for w in asked if len(w) > 4 and any(len(t) > 4 and alike(w, t) for t in told)}
    return 3.0 * same + len(near | (asked & told))
