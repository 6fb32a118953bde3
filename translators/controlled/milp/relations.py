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
from quod.translators.controlled.milp.lexicon import COST, FUNCTION, GAIN, GENERIC, VERBS
from quod.translators.controlled.milp.scenery import limiting
from quod.translators.controlled.milp.signs import Sign, Tile, signs, tilings
from quod.translators.controlled.milp.tokens import Sentence, sentences, stem

__all__ = ["plain", "read_relations", "symbols"]

_MEASURED = COST | GAIN
_PRICED = frozenset("cost profit revenue price expense wage salary fee earn income sale".split())
FUNCTION_STEMS = frozenset(stem(w) for w in FUNCTION | VERBS)
_TAIL = re.compile(
    r"\b(?:due to|because of|owing to|as a result of|because|since|considering|reflecting|possibly|"
    r"(?:in order )?to (?:ensure|maintain|meet|satisfy|prevent|avoid|achieve|keep|comply|guarantee|"
    r"reflect|balance|provide|support)|"
    r"for (?:balanced?|safety|security|diversification|stability))\b[^,.;:()\n]*",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Mathematical markup taken off: ``$X$`` is X, ``[0, 20]`` is between 0 and 20, bullets are sentences."""
    text = text.replace("\\n", "\n").replace("\\$", "＄").replace("\\%", "%")
    text = re.sub(r"\$＄\s?(\d[\d,.]*)\s?\$", r"＄\1", text)  # an amount of money in mathematics
    text = re.sub(r"\$([A-Za-z]\d?(?:\s*,\s*[A-Za-z]\d?)*\s*,?)\$", r"\1", text)
    text = re.sub(r"\$([A-Za-z]_?\{?\d?\}?)\$", r"\1", text)
    text = text.replace("＄", "$")
    text = re.sub(r"\b([xyzwXYZW])_\{?(\d)\}?", r"\1\2", text)
    text = re.sub(r"\[\s*(\d[\d,]*)\s*(?:,|-|–|to)\s*(\d[\d,]*)\s*\]", r"between \1 and \2", text)
    text = re.sub(r"\b(\d[\d,]*)\s*(?:-|–)\s*(\d[\d,]*)(?=\s|[.,;)])", r"between \1 and \2", text)
    text = re.sub(r"(?:^|(?<=[\n.:;]))\s*(?:[-•*]|\(?\d[.)])\s+", "\n", text)
    text = re.sub(r"(?<=[.?!])(?=[A-Z])", " ", text)
    text = re.sub(r"(?<![\w'’$.-])(?:[xyz]\d|[xyzw])(?![\w'’-])", lambda m: m[0].upper(), text)
    text = re.sub(r"\s*\((?:[a-z]+ )?([XYZWABCD]\d?)\)", r" \1", text)  # a name in brackets behind the noun
    text = re.sub(
        r",?\s+(?:and|but|while)\s+(?=(?:the|she|he|they|it)\s(?:\w+\s){0,3}?"
        r"(?:aims?|wants?|wish(?:es)?|seeks?|intends?|needs? to minim\w+)\b)",
        ".\nAnd ",
        text,
    )
    text = re.sub(r",?\s+(?:and|while)\s+(?=(?:ensuring|considering|assuming|given|noting|note|aiming)\b)", ", ", text)
    text = _INTEGRAL.sub(lambda m: m[0] if _TELLS.search(m[0]) else m[1], text)
    return re.sub(r"\n+", "\n", text)


_INTEGRAL = re.compile(
    r"([,(])[^.,;:()]*\b(?:integers?|whole numbers?|whole units?|indivisib\w+|discrete)\b[^.,;:()]*(?=[.,;)])",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\d|\b(?:least|most|exceed|minimum|maximum|minimi\w+|maximi\w+|twice|times|thrice|half|sum|difference)\b",
    re.IGNORECASE,
)


_SYMBOL = re.compile(r"(?<![\w'’$.-])(?:[XYZWABCD]|[xyzw]|[xXyYzZ]\d)(?![\w'’-])")


def symbols(text: str) -> Entities | None:
    """Things named by letters: X, Y and Z; x1, x2 and x3."""
    seen: dict[str, int] = {}
    for match in _SYMBOL.finditer(text):
        if match[0] != "A":
            key = match[0].upper()
            seen[key] = seen.get(key, 0) + 1
    names = [name for name, n in seen.items() if n > 1]
    letters = [n for n in names if len(n) == 1]
    numbered = [n for n in names if len(n) == 2]
    before = re.findall(r"\b([a-z]{3,}) (?:[XYZWABCD]|[xyzw]|[xXyYzZ]\d)(?![\w'’-])", text)
    heads = {stem(w) for w in before if before.count(w) > 1 or w.endswith("s")} - FUNCTION_STEMS
    names = sorted(numbered if len(numbered) > 1 else letters)
    if not 2 <= len(names) <= 8:
        return None
    return Entities(tuple((n,) for n in names), tuple(frozenset({n}) for n in names), frozenset(heads))


@dataclass
class _Text:
    model: Assembled = field(default_factory=Assembled)
    costs: dict[int, Fraction] = field(default_factory=dict)
    measured: frozenset[str] = frozenset()
    """Words of cost or gain in the sentence that gives the coefficients."""
    asked: frozenset[str] = frozenset()
    senses: set[str] = field(default_factory=set)
    numbers: int = 0
    said: Counter[str] = field(default_factory=Counter)
    """How often each word of the text is said."""


def read_relations(text: str, entities: Entities) -> tuple[Assembled, int]:
    """The model, with the words that found no place in ``problems``; and how many numbers were read."""
    out = _Text()
    out.said = Counter(t.stem for s in sentences(text) for t in s.tokens if t.kind == "word")
    for sentence in sentences(text):
        _sentence(sentence, entities, out)
    model = out.model
    many = len(entities.names)
    if len(out.senses) != 1:
        model.problems.append("nothing says plainly what to maximize or minimize")
    else:
        (model.sense,) = out.senses
    if set(out.costs) != set(range(many)):
        model.problems.append("not everything has a coefficient in what is optimized")
    model.objective = out.costs
    classes = [{w for w in words if w in _MEASURED} for words in (out.asked, out.measured)]
    same = any(a & c and b & c for c in (COST, GAIN) for a, b in [classes])
    if not same and not (out.asked & out.measured):
        model.problems.append("what is asked for is not what the amounts are of")
    if not model.rows:
        model.problems.append("no limit was found")
    _dedupe(model)
    return model, out.numbers


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
        if (danger in _BINDING or set(map(str.lower, binds)) - _SAID_OF_ALL) and any(s.kind == "E" for s in row):
            out.model.problems.append(sentence.text)
        return
    if _coefficients(row, sentence, entities, out, danger):
        return
    measured = [t for t in keep.tokens if t.stem in _PRICED]
    if danger or measured:
        out.model.problems.append(sentence.text)
        return
    strange = _strange(keep, entities, out.said)
    if strange:
        out.model.problems.append(sentence.text)
        return
    found = tilings(row, len(entities.names))
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
    return frozenset(words - FUNCTION_STEMS - GENERIC | words & _MEASURED)


_OPTIMA = re.compile(
    r"\b(minimum|minimal|lowest|smallest|maximum|maximal|highest|largest)\b(?!\s+(?:of|limits?|capacit\w+)\b)",
    re.IGNORECASE,
)


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
    places = _goal_places(sentence, goals, [asked] if asked else [])
    first = min(places)
    end = next((t.start for t in sentence.tokens if t.start > first and t.kind == "mark"), first + 200)
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


def _coefficients(row: list[Sign], sentence: Sentence, entities: Entities, out: _Text, danger: str) -> bool:
    """``costs 50 for X and 30 for Y``; ``costs of 5, 6 and 7 units for X, Y and Z respectively``."""
    many = len(entities.names)
    order = "".join(s.kind for s in row if s.kind in "NETDM")
    stems = frozenset(t.stem for t in sentence.tokens if t.kind == "word")
    if out.costs:
        return False
    numbers = [s.value for s in row if s.kind == "N"]
    things = [s.entity for s in row if s.kind == "E"]
    if len(numbers) != many:
        return False
    if order == "N" * many and "respectively" in {t.low for t in sentence.tokens}:
        things, order = [*range(many)], "E" * many + order
    if danger not in {"", "per"} or re.search("O[^N]?N", "".join(s.kind for s in row)):
        return False
    lists = order in {"N" * many + "E" * many, "E" * many + "N" * many}
    pairs = order in {"NE" * many, "EN" * many}
    if not (lists or pairs) or sorted(things) != list(range(many)):
        return False
    out.costs = dict(zip(things, numbers, strict=True))
    out.measured = stems - FUNCTION_STEMS - GENERIC | stems & _MEASURED
    out.model.goal_words = sentence.text
    out.model.goal = "total"
    return True


_PLAIN = frozenset(
    stem(w)
    for w in "unit point resource allocation amount number quantity level score effectiveness "
    "effort output performance "
    "target capacity limit limitation constraint requirement bound specific specifically additionally "
    "furthermore similarly "
    "lastly finally combined strength value quota threshold demand minimum maximum contribution hand "
    "allowable allowed requirement viable viability balance balanced moreover hence restriction factor term equivalent "
    "individual individually due regulatory operational physical budget budgetary logistical practical strategic "
    "sum times difference usage item dedicate category distribution "
    "condition company manager investor farmer thus second third first whole integer upper lower excess overall "
    "respective certain particular portfolio diversification diversity need standard".split()
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
        )

    for k, token in enumerate(tokens):
        behind = k + 1 < len(tokens) and token.value is not None and not known(k + 1)
        before = token.low in _OF and k > 0 and not known(k - 1) and k + 1 < len(tokens)
        if behind or (before and ({k + 1, k + 2, k + 3} & inside or tokens[k + 1].low in {"both", "all", "these"})):
            return tokens[k + 1 if behind else k - 1].text
        if token.low in {"lasts", "old", "age", "takes"} and said[token.stem] == 1:
            return token.text
    return ""


def _row(tile: Tile, sentence: Sentence) -> Row:
    words = sentence.text.strip(" .-\n")
    kind = {1: {"<=": "upperbound", ">=": "lowerbound"}.get(tile.op, "fixed")}.get(len(tile.terms), "linear")
    return Row(tile.terms, tile.op, tile.right, words, kind, kind, tile.strict, distance=tile.distance)
