"""Numbers of the problem's words that appear nowhere in the model: a sign that something was left out or misread.

A number counts as used if the model holds one of the values it may stand for ("30%" is 30, 3/10 or 7/10), or a
number that the words do not hold and that it makes together with another number of the words (a price less a cost).
Small numbers in words ("two kinds of bread"), and those that name or date things, are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.model import DOMAINS, Model
from quod.backends.milp.nodes import Comprehension, Expr, Num, children
from quod.backends.milp.reading import Json, number
from quod.core.diagnostics import Diagnostic
from quod.core.problem import Problem
from quod.core.quantities import Quantity, find_quantities

__all__ = ["unsaid_numbers"]

MOST = 300
_MARGIN = re.compile(r"\b(?:more|less|fewer|greater|exceeds?|over|under|above|below|beyond|before|after)\b[^.]{0,24}$")
_LABEL = re.compile(
    r"(?:\b(?:type|product|machine|plant|factory|warehouse|model|option|phase|day|week|month|shift|section|part|step|"
    r"figure|table|example|problem|question|no|number|version|grade|level|class|room|route|site|store)s?\.?|#|\$?[A-Za-z]-)"
    r"\s*$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(?:in|of|since|year|by|until|january|february|march|april|may|june|july|august|september|"
                   r"october|november|december)\s*$", re.IGNORECASE)  # fmt: skip
_HOURS = re.compile(
    r"-[A-Za-z]|:\d\d|\s*(?:[ap]\.?m\.?\b|-?hour (?:day|shift|period)"
    r"|(?:days?|hours?) (?:an?|per|in an?|every) (?:week|day))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s+(?:\w+\s+)?(?:types?|kinds?|sorts?|varieties|categories|different|distinct|possible|separate)\b", re.IGNORECASE
)
_BULLET = re.compile(r"(?:^|\n)\s*\(?$")
_RUNNING = re.compile(r"(?:^|(?<=[.:;!?] ))\(?(\d{1,2})[.):](?= +[A-Z])")
"""Bullets inside a paragraph: "rules: 1. No more than … 2. At least …"."""
_PERIOD = re.compile(
    r"\b(?:the|this|that|each|every|a|per|next|last|coming|upcoming|fiscal|current|whole)\s+$", re.IGNORECASE
)
_NAMED = re.compile(r"(?<![.!?:] )(?<=[a-z0-9,;()] )[A-Z]\w* \d+\b")
"""Numbers in names: "the Boeing 747", "Analyzer 3000"."""
_SMALL = frozenset({"two", "three", "four", "five", "six", "both", "a pair", "pair", "dozen"})


def unsaid_numbers(ground: Ground, problem: Problem) -> list[Diagnostic]:
    """A warning for every such number. Silent where the words are themselves a formal text."""
    text = problem.text
    if not ground.numbers_complete or text.lstrip().startswith(("{", "[")) or text.strip() == ground.model.text.strip():
        return []
    names = set(_NAMED.findall(text))
    bullets = _running(text)
    wanted = [q for q in find_quantities(text) if q.start not in bullets and _asked_for(q, text, names)]
    if not wanted or len(wanted) > MOST:
        return []
    there = {abs(Fraction(v)) for v in _held(ground)}
    said = {abs(v) for q in find_quantities(text) for v in q.values}
    foreign = there - said - {0, 1}
    found = []
    for q in wanted:
        margin = _MARGIN.search(text[max(0, q.start - 40) : q.start].lower()) is not None
        if any(v in there for v in _stands_for(q, margin)):
            continue
        if foreign and any(_make(a, b) & foreign for a in q.values for b in said):
            continue
        message = f"the words say {q.words}, and the model has no such number"
        found.append(codes.NUMBER_UNUSED.warning(message, source=_around(text, q)))
    return found


def _running(text: str) -> set[int]:
    """Where bullets stand that count from 1 up without a gap, at least two of them."""
    found: list[int] = []
    for match in _RUNNING.finditer(text):
        if int(match[1]) == len(found) + 1:
            found.append(match.start(1))
    return set(found) if len(found) > 1 else set()


def _asked_for(q: Quantity, text: str, names: set[str]) -> bool:
    """Whether a model of the words can be expected to hold the number."""
    before, after = text[max(0, q.start - 24) : q.start], text[q.end : q.end + 24]
    word = re.search(r"(\w+) $", before)
    if q.words.lower() in _SMALL or set(q.values) <= {Fraction(0), Fraction(1)}:
        return False
    in_a_name = word is not None and f"{word[1]} {q.words}" in names
    in_a_list = _BULLET.search(before) and re.match(r"[.):]", after)
    in_a_word = after[:1].isalpha() and q.words[-1:].isdigit()
    in_a_date = 1900 <= q.values[0] <= 2100 and _DATE.search(before)
    counts_kinds = q.values[0] <= 20 and _COUNTED.match(after)
    a_period = q.words.lower() == "quarter" and _PERIOD.search(before) and not re.match(r"\s+(?:of|as)\b", after)
    in_a_time = a_period or _HOURS.match(after) or re.search(r"\d:$", before)
    return not (in_a_name or in_a_list or in_a_word or in_a_date or in_a_time or counts_kinds or _LABEL.search(before))


def _stands_for(q: Quantity, margin: bool) -> Iterator[Fraction]:
    for v in q.values:
        yield v
        if 0 < v < 1:
            yield from (1 - v, 1 / v, v / (1 - v))
        if v > 1:
            yield 1 / v
        if "%" in q.words or "percent" in q.words:
            yield abs(100 - v)
        if margin:
            yield from (v + 1, v - 1)


def _make(a: Fraction, b: Fraction) -> set[Fraction]:
    made = {a + b, abs(a - b), a * b}
    if a and b:
        made |= {a / b, b / a}
    return made


def _held(ground: Ground) -> Iterator[Fraction | int]:
    """Every number of the model: as it is written, as it comes out, and how many of each thing there are."""
    model, program = ground.model, ground.program
    yield from ground.numbers
    for expression in _expressions(model):
        yield from _numerals(expression)
    for row in program.rows:
        yield from (v for v in (row.lower, row.upper, *row.terms.values()) if v is not None)
    yield from program.cost.values()
    yield program.offset
    yield from (v for v in (*program.lower, *program.upper) if v is not None)
    yield len(program.names)
    yield len(model.variables)
    yield from (sum(v.domain == domain for v in model.variables) for domain in DOMAINS)
    for name, members in ground.sets.items():
        yield len(members)
        if len(members) <= 1000:
            yield from (m for m in members if isinstance(m, int))
            yield from (v for m in members if isinstance(m, str) for v in _digits(m))
        yield from _digits(name)
    for s in model.sets:
        yield from _written(s.raw)
    for name in (*(p.name for p in model.parameters), *(v.name for v in model.variables)):
        yield from _digits(name)


def _digits(name: str) -> Iterator[int]:
    yield from (int(d) for d in re.findall(r"\d{1,9}", name))


def _written(raw: Json) -> Iterator[Fraction | int]:
    if isinstance(raw, dict):
        for value in raw.values():
            yield from _written(value)
    elif isinstance(raw, list):
        for value in raw[:1000]:
            yield from _written(value)
    elif isinstance(raw, str):
        value = number(raw)
        if value is not None:
            yield value
    elif isinstance(raw, (int, Fraction)):
        yield raw


def _expressions(model: Model) -> Iterable[Expr]:
    if model.objective is not None:
        yield model.objective.expression
    for c in model.constraints:
        yield from (e for e in (c.rule, c.condition, c.other) if e is not None)
    for p in model.parameters:
        if p.expression is not None:
            yield p.expression
    for v in model.variables:
        yield from (e for e in (v.lower, v.upper) if e is not None)


def _numerals(node: Expr) -> Iterator[Fraction | int]:
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, Num):
            yield part.value
        elif isinstance(part, Comprehension):
            stack += [*part.extra, part.body, *([part.condition] if part.condition else [])]
        else:
            stack += children(part)


def _around(text: str, q: Quantity) -> str:
    """The number with a few of the words about it."""
    start = max(text.rfind(". ", 0, q.start) + 2, 0) if ". " in text[: q.start] else 0
    end = text.find(". ", q.end)
    sentence = text[start : end + 1 if end >= 0 else len(text)].strip()
    return sentence if len(sentence) <= 160 else text[max(0, q.start - 60) : q.end + 60].strip()
