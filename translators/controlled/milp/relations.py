"""A second grammar: linear relations said in words, ``twice the units of X plus those of Y must be at least 50``.

A sentence becomes a row of signs (a thing, a number, a multiplier, a comparison, ``sum``, ``difference``, ``and`` …);
the signs of a sentence must be tiled completely by the relations of :mod:`.signs`, and words outside the signs may
not be of the kind that change what a relation says. A text is read if every sentence is: one gives each thing its
coefficient in the objective, one asks for the optimum, the others are relations or say nothing of quantities.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from quod.translators.controlled.milp.assemble import Assembled, Row
from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.lexicon import FUNCTION, GAIN, GENERIC, VERBS
from quod.translators.controlled.milp.limiting import limiting
from quod.translators.controlled.milp.pricing import COSTLY, MEASURED, PRICED, coefficients, per_dollar
from quod.translators.controlled.milp.signs import Sign, signs
from quod.translators.controlled.milp.tiles import Tile, tilings
from quod.translators.controlled.milp.tokens import Sentence, alike, sentences, stem
from quod.translators.controlled.milp.wording import FUNCTION_STEMS

__all__ = ["read_relations"]

_DEMANDS = frozenset("require need demand".split())
_TAIL = re.compile(
    r"\b(?:due to|because of|owing to|as a result of|because|since|considering|reflecting|possibly|"
    r"(?:in order )?to (?:ensure|maintain|meet|satisfy|prevent|avoid|achieve|keep|comply|guarantee|"
    r"reflect|balance|provide|support)|"
    r"for (?:balanced?|safety|security|diversification|stability))\b[^,.;:()\n]*",
    re.IGNORECASE,
)


@dataclass
class _Text:
    model: Assembled = field(default_factory=Assembled)
    costs: dict[int, Fraction] = field(default_factory=dict)
    measured: frozenset[str] = frozenset()
    """Words of cost or gain in the sentence that gives the coefficients."""
    asked: frozenset[str] = frozenset()
    dollars: bool = False
    """Whether the coefficients are for each dollar put in: the things are sums of money."""
    money: bool = False
    """Whether limits are read as amounts of money."""
    senses: set[str] = field(default_factory=set)
    numbers: int = 0
    said: Counter[str] = field(default_factory=Counter)
    """How often each word of the text is said."""


def read_relations(text: str, entities: Entities, *, money: bool = False) -> tuple[Assembled, int]:
    """The model, with the first words that found no place in ``problems``; and how many numbers were read.

    With ``money`` the things are sums of money: every limit must be an amount of it and every coefficient per dollar.
    """
    out = _Text(money=money, dollars=per_dollar(text))
    if _periods(text):
        out.model.problems.append(_periods(text))
        return out.model, 0
    out.said = Counter(t.stem for s in sentences(text) for t in s.tokens if t.kind == "word")
    for sentence in sentences(text):
        _sentence(sentence, entities, out)
        if out.model.problems:
            return out.model, out.numbers
    model = out.model
    many = len(entities.names)
    if len(out.senses) != 1:
        model.problems.append("nothing says plainly what to maximize or minimize")
    else:
        (model.sense,) = out.senses
    if set(out.costs) != set(range(many)):
        model.problems.append("not everything has a coefficient in what is optimized")
    model.objective = out.costs
    classes = [{w for w in words if w in MEASURED} for words in (out.asked, out.measured)]
    same = any(a & c and b & c for c in (COSTLY, GAIN) for a, b in [classes])
    if not same and not (out.asked & out.measured):
        model.problems.append("what is asked for is not what the amounts are of")
    if not model.rows:
        model.problems.append("no limit was found")
    if money and not out.dollars:
        model.problems.append("the amounts are not said to be for each dollar")
    model.money = money
    _dedupe(model)
    return model, out.numbers


_QUALIFIED = re.compile(
    r"\b(?:a|per|each|every)\s+(day|week|month|year|season)\b|\b(dai|week|month|year)ly\b", re.IGNORECASE
)
_PERIOD = re.compile(r"\b(day|week|month|year|season)s?\b", re.IGNORECASE)


def _periods(text: str) -> str:
    """Words that limit so much a week where other amounts may be of another period."""
    for match in _QUALIFIED.finditer(text):
        own = (match[1] or match[2]).lower().replace("dai", "day")
        other = next((m[0] for m in _PERIOD.finditer(text) if m[1].lower() != own), "")
        if other:
            return f"{match[0]} beside {other}"
    return ""


def _dedupe(model: Assembled) -> None:
    """A relation said twice is one relation; two different ones of the same things on one side are suspicious."""
    rows: list[Row] = []
    for row in model.rows:
        twin = next((r for r in rows if r.terms == row.terms and r.op == row.op), None)
        if twin is None:
            rows.append(row)
        elif twin.right != row.right:
            model.problems.append(row.words)
    model.rows = rows


_BINDING = frozenset("same equal square squared ratio never unless neither nor double triple".split())
# In a text of relations these introduce: the two projects both need resources, each of them must get some.
_SAID_OF_ALL = frozenset(
    "each both must need needs require requires required should limited limits limit restrictions combined mix "
    "combination include includes can optimally effectively efficiently strategically".split()
)
_INTEGER = re.compile(r"\b(?:integers?|whole|indivisib\w+|discrete|fraction\w*)\b", re.IGNORECASE)
_GOAL = re.compile(r"\b(minimi[sz]\w*|maximi[sz]\w*)\b", re.IGNORECASE)
_ASK = re.compile(
    r"\b(?:what|find|calculate|determine|compute)\b.*?\b(minimum|minimal|lowest|least|smallest|maximum|maximal|highest|greatest|largest)\b",
    re.IGNORECASE | re.DOTALL,
)
_SENSE = {"mini": "minimize", "lowe": "minimize", "leas": "minimize", "smal": "minimize"}


def _sense(word: str) -> str:
    return _SENSE.get(word.lower()[:4], "maximize")


def _sentence(sentence: Sentence, entities: Entities, out: _Text) -> None:
    asked = _ASK.search(sentence.text)
    goals = list(_GOAL.finditer(sentence.text))
    if goals or asked:
        out.senses |= {_sense(g[1]) for g in goals} | ({_sense(asked[1])} if asked else set())
        if _asks_otherwise(sentence, entities, goals, asked):
            out.model.problems.append(sentence.text)
        out.asked |= _asked(sentence, goals, asked)
    keep = _without_tails(sentence, entities)
    row, danger = signs(keep, entities, _goal_places(sentence, goals, [asked] if asked else []))
    numbers = sum(1 for s in row if s.kind == "N" or s.kind == "T")
    out.numbers += numbers
    kinds = {s.kind for s in row}
    if not numbers and not ("E" in kinds and kinds & set("ODX")):
        binds = limiting(keep.tokens) if not (goals or asked or _INTEGER.search(sentence.text)) else []
        every = {s.entity for s in row if s.kind == "E"} == set(range(len(entities.names)))
        if every and not any(s.kind == "o" for s in row):
            binds = [word for word in binds if word.lower() not in {"could", "may", "might"}]  # what they may all be
        if (danger in _BINDING or set(map(str.lower, binds)) - _SAID_OF_ALL) and any(s.kind == "E" for s in row):
            out.model.problems.append(sentence.text)
        return
    if _priced(row, sentence, entities, out, danger):
        return
    measured = [t for t in keep.tokens if t.stem in PRICED]
    if danger or measured:
        out.model.problems.append(sentence.text)
        return
    strange = _strange(keep, entities, out.said)
    if strange:
        out.model.problems.append(sentence.text)
        return
    found = tilings(row, len(entities.names), money=out.money)
    if len(found) != 1:
        out.model.problems.append(sentence.text)
        return
    out.model.rows.extend(_row(tile, sentence) for tile in found[0])


def _asked(sentence: Sentence, goals: list[re.Match[str]], asked: re.Match[str] | None) -> frozenset[str]:
    """The words that name what is optimized."""
    places = _goal_places(sentence, goals, [asked] if asked else [])
    words: set[str] = set()
    for k, token in enumerate(sentence.tokens):
        if token.start in places:
            words |= {t.stem for t in sentence.tokens[k + 1 : k + 7] if t.kind == "word"}
    return frozenset(words - FUNCTION_STEMS - GENERIC | words & MEASURED)


_OPTIMA = re.compile(
    r"\b(minimum|minimal|lowest|smallest|maximum|maximal|highest|largest)\b(?!\s+(?:of|limits?|capacit\w+)\b)",
    re.IGNORECASE,
)


_SCALED = re.compile(r"\bin (?:units of|(?:tens|hundreds|thousands|millions|billions)\b)", re.IGNORECASE)


def _asks_otherwise(
    sentence: Sentence, entities: Entities, goals: list[re.Match[str]], asked: re.Match[str] | None
) -> bool:
    """Whether something other than the optimum of the whole is asked for: of one thing, a second one, an average."""
    if asked:
        senses = {_sense(m[1]) for m in _OPTIMA.finditer(sentence.text) if m.start() >= asked.start()}
        before = sentence.text[: asked.start(1)].split()
        if len(senses) > 1 or (before and before[-1].lower() in {"second", "third", "next", "twice", "half"}):
            return True
        if re.search(r"\b(?:average|mean|twice|half|double|per)\b", sentence.text[asked.start() :], re.IGNORECASE):
            return True
    if _SCALED.search(sentence.text):
        return True
    places = _goal_places(sentence, goals, [asked] if asked else [])
    first = min(places)
    end = next(
        (t.start for t in sentence.tokens if t.start > first and (t.kind == "mark" or t.value is not None)), first + 200
    )
    whom = {m.entity for m in mentions(sentence, entities) if first < sentence.tokens[m.start].start < end}
    return bool(whom) and len(whom) < len(entities.names)


def _goal_places(sentence: Sentence, *groups: list[re.Match[str]]) -> set[int]:
    """Where the word for the optimum stands: it is not a comparison there."""
    base = sentence.tokens[0].start
    return {base + m.start(1) for group in groups for m in group}


def _without_tails(sentence: Sentence, entities: Entities) -> Sentence:
    """Reasons and purposes taken off, where they say nothing of quantities."""
    drop: list[tuple[int, int]] = []
    base = sentence.tokens[0].start
    for match in _TAIL.finditer(sentence.text):
        low, high = base + match.start(), base + match.end()
        inside = [t for t in sentence.tokens if low <= t.start < high]
        row, _ = signs(Sentence(inside, match[0], low), entities, set()) if inside else ([], "")
        if not any(s.kind in "NTD" for s in row) and not ("O" in (kinds := [s.kind for s in row]) and "E" in kinds):
            drop.append((low, high))
    tokens = [t for t in sentence.tokens if not any(low <= t.start < high for low, high in drop)]
    return Sentence(tokens, sentence.text, sentence.start)


def _priced(row: list[Sign], sentence: Sentence, entities: Entities, out: _Text, danger: str) -> bool:
    """Whether the sentence gave coefficients, which are then taken."""
    many = len(entities.names)
    if len(out.costs) == many:
        return False
    found = coefficients(row, sentence, many, danger)
    if not found or found.keys() & out.costs.keys():
        return False
    stems = frozenset(t.stem for t in sentence.tokens if t.kind == "word")
    measured = stems - FUNCTION_STEMS - GENERIC | stems & MEASURED
    if any(s.kind == "N" and s.strict for s in row) and not stems & MEASURED and stems & _DEMANDS:
        measured |= {"cost"}  # a project of this type requires $2000
    out.measured = measured & out.measured if out.costs else measured
    out.costs.update(found)
    out.model.goal_words = sentence.text
    out.model.goal = "total"
    return True


_PLAIN = frozenset(
    stem(form)
    for w in "unit point resource allocation amount number quantity level score effectiveness "
    "effort output performance "
    "target capacity limit limitation constraint requirement bound specific specifically additionally "
    "furthermore similarly "
    "lastly finally combined strength value quota threshold demand minimum maximum contribution hand "
    "allowable allowed requirement viable viability balance balanced moreover hence restriction factor term equivalent "
    "individual individually due regulatory operational physical budget budgetary logistical practical strategic "
    "sum times difference usage item dedicate category distribution "
    "count go goes compare compared devote assign spend "
    "condition company manager investor farmer thus second third first whole integer upper lower excess overall "
    "respective certain particular portfolio diversification diversity need standard".split()
    for form in (w, f"{w}d", f"{w}ed")
)
_OF = frozenset("of for in from on by to across between".split())


def _strange(sentence: Sentence, entities: Entities, said: Counter[str]) -> str:
    """A word that is measured or counted here and nowhere else in the text: years of age, workers, a weight."""
    tokens = sentence.tokens
    inside = {i for m in mentions(sentence, entities) for i in range(m.start, m.end)}

    def known(k: int) -> bool:
        token = tokens[k]
        return (
            k in inside
            or token.kind != "word"
            or token.low in FUNCTION
            or token.low in VERBS
            or token.stem in _PLAIN | entities.shared
            or said[token.stem] > 1
            or (len(token.stem) > 4 and any(w != token.stem and alike(w, token.stem) for w in said))
        )

    for k, token in enumerate(tokens):
        behind = k + 1 < len(tokens) and token.value is not None and not known(k + 1)
        done = k > 0 and tokens[k - 1].low.endswith("ed")  # hired for X, enrolled in Y
        before = token.low in _OF and k > 0 and not (known(k - 1) or done) and k + 1 < len(tokens)
        if behind or (before and ({k + 1, k + 2, k + 3} & inside or tokens[k + 1].low in {"both", "all", "these"})):
            return tokens[k + 1 if behind else k - 1].text
        if token.low in {"lasts", "old", "age", "takes"} and said[token.stem] == 1:
            return token.text
    return ""


def _row(tile: Tile, sentence: Sentence) -> Row:
    words = sentence.text.strip(" .-\n")
    kind = {1: {"<=": "upperbound", ">=": "lowerbound"}.get(tile.op, "fixed")}.get(len(tile.terms), "linear")
    return Row(tile.terms, tile.op, tile.right, words, kind, kind, tile.strict, distance=tile.distance)
