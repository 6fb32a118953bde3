"""Probes of a model that nobody vouches for: does it behave as the words say when a number of theirs is changed?

A limit that the words call "at most 200" must give more room when it is raised, one called "at least" less, whatever
the algebra around it; a number said of one thing must not weigh another. The number is raised where it stands (rule,
bound or parameter) and the rows before and after are compared: exact, and without an engine. Only numbers that the
words say once and the model holds once are used, so that nothing has to be guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground, ground
from quod.backends.milp.invented import invented_numbers, repeated_variables
from quod.backends.milp.model import parse_model
from quod.backends.milp.raising import Effect, Place, compared, holds, places_of, raised
from quod.backends.milp.said import Limit, comparisons, limits, sense, sentence_around, stems
from quod.core.diagnostics import Diagnostic
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.protocols import CheckResult
from quod.core.quantities import Quantity, find_quantities
from quod.core.verdict import Conclusion

__all__ = ["probes"]

Ask = Callable[[Formalization], CheckResult]
_MOST = 20_000
"""Characters of a model, and columns, above which it is not probed: the words of such a problem hold no data."""
_COLUMNS = 300


def probes(formalization: Formalization, problem: Problem, result: CheckResult, ask: Ask) -> tuple[Diagnostic, ...]:
    """Doubts about a model that can be read. ``ask`` checks a changed model."""
    text = formalization.text
    if len(text) > _MOST or formalization.language != "quod-milp":
        return ()
    raw = _read(text)
    base = _grounded(raw, problem) if raw is not None else None
    if raw is None or base is None or not base.linear or len(base.program.names) > _COLUMNS:
        return ()

    def solved(changed: str) -> CheckResult:
        return ask(formalization.model_copy(update={"text": changed}))

    probe = _Probe(raw, base, problem, result, solved)
    return (
        *probe.direction(),
        *probe.numbers(),
        *probe.comparisons(),
        *repeated_variables(base.model),
        *invented_numbers(base, problem),
        *_wholeness(raw, base, problem, result, solved),
    )


def _read(text: str) -> dict[str, Any] | None:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return raw if isinstance(raw, dict) else None


def _grounded(raw: dict[str, Any], problem: Problem) -> Ground | None:
    model, _ = parse_model(json.dumps(raw))
    return ground(model, problem)[0] if model is not None else None


class _Probe:
    def __init__(
        self,
        raw: dict[str, Any],
        base: Ground,
        problem: Problem,
        result: CheckResult,
        ask: Callable[[str], CheckResult],
    ) -> None:
        self.raw, self.base, self.problem, self.result, self.ask = raw, base, problem, result, ask
        self.text = problem.text
        self.quantities = find_quantities(self.text)
        self.names = _names(base)

    def direction(self) -> Iterator[Diagnostic]:
        """Maximize or minimize, against the words."""
        objective, said = self.base.model.objective, sense(self.text)
        if objective is None or said is None or objective.sense == said:
            return
        costs = self.base.program.cost.values()
        if costs and all(c < 0 for c in costs):
            return  # the least of a loss is the most of a gain
        yield codes.SENSE_MISMATCH.warning(
            f"the words say {said}, the model says {objective.sense}", data={"element": "objective"}
        )

    def numbers(self) -> Iterator[Diagnostic]:
        """Each number that the words say once and the model holds in one place."""
        said = {limit.quantity.start: limit for limit in limits(self.text)}
        places = list(places_of(self.raw))
        for q in self.quantities:
            values = self._only_here(q)
            at = [(place, value) for value in values for place in places if holds(place, value)]
            if len(at) != 1:
                continue
            ((place, value),) = at
            effect = self._effect(place, value)
            if effect is None:
                continue
            limit = said.get(q.start)
            if limit is not None and not place.goal:
                yield from self._limit(limit, effect, place)
            if not effect.mixed:
                yield from self._owner(q, limit, effect, place)

    def _only_here(self, q: Quantity) -> list[Fraction]:
        """The values that no other number of the words may stand for."""
        others = {v for o in self.quantities if o.start != q.start for v in o.values} | {Fraction(0), Fraction(1)}
        return [v for v in q.values if v not in others]

    def _effect(self, place: Place, value: Fraction) -> Effect | None:
        before = place.holder[place.key]
        more = value * Fraction(9, 8)
        try:
            place.holder[place.key] = raised(before, value, more)
            changed = _grounded(self.raw, self.problem)
        finally:
            place.holder[place.key] = before
        if changed is None or changed.program.names != self.base.program.names:
            return None
        if [len(r.terms) for r in changed.program.rows] != [len(r.terms) for r in self.base.program.rows]:
            return None
        return compared(self.base.program, changed.program)

    def _limit(self, limit: Limit, effect: Effect, place: Place) -> Iterator[Diagnostic]:
        q = limit.quantity
        wanted = "grows" if limit.op == "<=" else "shrinks"
        sentence = sentence_around(self.text, q.start, q.end)
        phrase = "at most" if limit.op == "<=" else "at least"
        if effect.room == "equal":
            if limit.plain or self._better_unspent(place, sentence):
                said = f"say {phrase} {q.words}" if limit.plain else f"do not say that all {q.words} must be used"
                message = f"the words {said}, and '{place.element}' says exactly that much"
                yield codes.LIMIT_MISREAD.warning(message, source=sentence, data={"element": place.element})
        elif effect.room in {"grows", "shrinks"} and effect.room != wanted:
            said = f"the words say {phrase} {q.words}" if limit.plain else f"the words say that there are {q.words}"
            message = f"{said}, and a larger number in '{place.element}' would allow {_LESS[effect.room]}"
            yield codes.LIMIT_MISREAD.warning(message, source=sentence, data={"element": place.element})

    def _better_unspent(self, place: Place, sentence: str) -> bool:
        """Whether an equation that uses up all there is would have a better optimum if some could be left."""
        rule = place.holder.get(place.key) if isinstance(place.holder, dict) else None
        if _ALL.search(sentence) or not isinstance(rule, str) or len(_EQUALS.findall(rule)) != 1:
            return False
        best = self.result.data.get("objective")
        try:
            place.holder[place.key] = _EQUALS.sub("<=", rule)
            found = self.ask(json.dumps(self.raw, ensure_ascii=False))
        finally:
            place.holder[place.key] = rule
        settled = found.verdict is not None and found.verdict.conclusion is Conclusion.OPTIMAL
        return settled and best is not None and found.data.get("objective") != best

    def _owner(self, q: Quantity, limit: Limit | None, effect: Effect, place: Place) -> Iterator[Diagnostic]:
        """A number of one thing that weighs another."""
        # a share or a multiple of one thing weighs on others
        multiple = _SHARE.search(q.words) or _MULTIPLE.match(self.text, q.end)
        if len(effect.columns) != 1 or len(self.names) < 2 or multiple:
            return
        (column,) = effect.columns
        sentence = sentence_around(self.text, q.start, q.end)
        if effect.limit:
            words = limit.behind if limit is not None else ""
            told = self._named(" ".join(words.split()[:5]))
        elif _LISTED.search(sentence):
            return
        else:
            told = self._named(_subject(self.text, q))
        if len(told) == 1 and column not in told:
            (other,) = told
            names = self.base.program.names
            yield codes.NUMBER_OF_OTHER.warning(
                f"the words say {q.words} of '{self._label(other)}'; '{place.element}' has it for '{names[column]}'",
                source=sentence,
                data={"element": place.element},
            )

    def _named(self, words: str) -> set[int]:
        """The columns whose names stand in some words."""
        own = stems(words)
        return {j for j, name in self.names.items() if name and name <= own}

    def _label(self, column: int) -> str:
        variable = next(v for v in self.base.model.variables if v.name == self.base.base[column][0])
        return variable.gloss or variable.words or variable.name

    def comparisons(self) -> Iterator[Diagnostic]:
        """More of this than of that, said without a number."""
        for said in comparisons(self.text):
            more, less = self._named(said.more), self._named(said.less)
            if len(more) != 1 or len(less) != 1 or more == less:
                continue
            (a,), (b,) = more, less
            rows = [r for r in self.base.program.rows if set(r.terms) == {a, b} and r.terms[a] * r.terms[b] < 0]
            plain = [r for r in rows if r.terms[a] == -r.terms[b]]
            if not rows:
                message = f"nothing in the model compares '{self._label(a)}' with '{self._label(b)}'"
                yield codes.COMPARISON_MISREAD.warning(message, source=said.words, data={"missing_words": said.words})
                continue
            if len(plain) != 1 or len(rows) != 1:
                continue
            row = plain[0]
            up = row.lower if row.terms[a] > 0 else row.upper
            down = row.upper if row.terms[a] > 0 else row.lower
            if up is None or down is not None:
                message = f"'{row.name}' does not say that '{self._label(b)}' may not exceed '{self._label(a)}'"
                yield codes.COMPARISON_MISREAD.warning(message, source=said.words, data={"element": row.name})


_LESS = {"grows": "more", "shrinks": "less"}


def _names(base: Ground) -> dict[int, frozenset[str]]:
    """For each column the words that tell its thing from the others; none where there are too many, or indices."""
    variables = base.model.variables
    if any(v.over for v in variables) or not 2 <= len(variables) <= 8:
        return {}
    whole = [stems(v.gloss or v.words or v.name) for v in variables]
    first = {name: j for j, (name, _) in enumerate(base.base)}
    return {
        first[v.name]: own - frozenset().union(*(w for k, w in enumerate(whole) if k != i))
        for i, (v, own) in enumerate(zip(variables, whole, strict=True))
    }


_SHARE = re.compile(r"%|percent|per cent|half|third|quarter|fifth|tenth|twice|thrice|double|triple", re.IGNORECASE)
_MULTIPLE = re.compile(
    r"\s*times\b|\s*(?:[\w-]+ )?as (?:many|much)\b|\s*(?:[\w-]+ ){0,2}(?:for (?:each|every)|per)\b", re.IGNORECASE
)
_LISTED = re.compile(r"\brespective(?:ly)?\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|entire|exactly|whole|everything|fully|completely)\b", re.IGNORECASE)
_EQUALS = re.compile(r"(?<![<>=!])==?(?![=>])")
_CUT = re.compile(r"[.;:]\s|,|\n|\\n|\b(?:while|whereas|but|and|however|or)\b")


def _subject(text: str, q: Quantity) -> str:
    """The words before a number, back to the last mark or conjunction."""
    cuts = [m.end() for m in _CUT.finditer(text, 0, q.start)]
    return text[cuts[-1] if cuts else 0 : q.start]


def _wholeness(
    raw: dict[str, Any], base: Ground, problem: Problem, result: CheckResult, ask: Callable[[str], CheckResult]
) -> Iterator[Diagnostic]:
    """Things that come in whole numbers, left to be divided, where that changes the best value."""
    verdict = result.verdict
    if verdict is None or verdict.conclusion is not Conclusion.OPTIMAL or problem.options.relax or problem.context:
        return
    loose = [v for v in base.model.variables if v.domain == "continuous"]
    if not loose or not _COUNTS.search(problem.text):
        return
    divided = [v for v in loose if _MEASURE.search(f"{v.gloss} {v.words} {v.unit} {v.name.replace('_', ' ')}")]
    if divided or _MEASURED.search(problem.text):
        return
    changed = json.loads(json.dumps(raw))
    for v in loose:
        changed["variables"][v.name]["domain"] = "integer"
    found = ask(json.dumps(changed, ensure_ascii=False))
    best, other = result.data.get("objective"), found.data.get("objective")
    if found.verdict is None or best is None or best == other:
        return
    if found.verdict.conclusion not in {Conclusion.OPTIMAL, Conclusion.INFEASIBLE}:
        return
    names = ", ".join(f"'{v.gloss or v.name}'" for v in loose[:3])
    yield codes.NOT_WHOLE.warning(
        f"the words ask how many, and the model may divide {names}: in whole numbers the best is {other or 'none'}",
        data={"element": loose[0].name},
    )


_COUNTS = re.compile(r"\bhow many\b|\bnumber of (?:each|both)\b", re.IGNORECASE)
_MEASURED = re.compile(
    r"\bhow much\b|\b(?:per|an?|each) (?:acre|hectare|kg|kilogram|kilo|gram|ton|tonne|pound|lb|ounce)\b"
    r"|\bhow many (?:\w+ )?(?:hours?|minutes?|kg|kilograms?|kilos?|grams?|tons?|tonnes?|pounds?|lbs?|lit(?:er|re)s?|"
    r"ounces?|oz|acres?|hectares?|gallons?|dollars?|units?|cups?|barrels?|sq|square|metres?|meters?|feet|servings?)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\b(?:hours?|minutes?|kg|kilograms?|kilos?|grams?|tons?|tonnes?|pounds?|lbs?|lit(?:er|re)s?|ounces?|oz|acres?|"
    r"hectares?|gallons?|dollars?|money|invest\w*|share|fraction|proportion|percent\w*|amount|land|area|time)\b",
    re.IGNORECASE,
)
