"""What is optimized in a text of relations: the sentences that give each thing its coefficient.

``costs 50 for X and 30 for Y``; ``costs of 5, 6 and 7 units for X, Y and Z respectively``; one sentence a thing.
"""

from __future__ import annotations

import re
from fractions import Fraction

from quod.translators.controlled.milp.lexicon import COST, GAIN
from quod.translators.controlled.milp.signs import Sign
from quod.translators.controlled.milp.tokens import Sentence, stem

__all__ = ["COSTLY", "MEASURED", "PRICED", "coefficients", "per_dollar"]

COSTLY = COST | frozenset(stem(w) for w in "expenditure payroll spending salaries".split())
MEASURED = COSTLY | GAIN
PRICED = frozenset("cost profit revenue price expense wage salary fee earn income sale".split())
_DOLLAR = re.compile(r"\b(?:each|every|per|one) dollar\b", re.IGNORECASE)


def per_dollar(text: str) -> bool:
    """Whether amounts are said to be for each dollar put in, so that things are sums of money."""
    return bool(_DOLLAR.search(text))


def coefficients(row: list[Sign], sentence: Sentence, many: int, danger: str) -> dict[int, Fraction]:
    """The coefficients that a sentence gives: of all things, or of one where it prices one; none if of neither."""
    kinds = "".join(s.kind for s in row)
    order = "".join(k for k in kinds if k in "NETDMe")
    numbers = [s.value for s in row if s.kind == "N"]
    things = [s.entity for s in row if s.kind == "E"]
    if danger not in {"", "per"} and not (danger.lower() == "average" and _averages(sentence)):
        return {}
    if "O" in kinds or any(n < 0 for n in numbers):
        return {}
    if order in {"EN", "NE"} and PRICED & {t.stem for t in sentence.tokens}:
        return {things[0]: numbers[0]}
    if len(numbers) != many:
        return {}
    if order == "N" * many and "r" in kinds:
        things, order = [*range(many)], "E" * many + order
    lists = order in {"N" * many + "E" * many, "E" * many + "N" * many}
    pairs = order in {"NE" * many, "EN" * many} or (order == "ENNE" and re.search("N[,L]+N", kinds))
    if not (lists or pairs) or sorted(things) != list(range(many)):
        return {}
    return dict(zip(things, numbers, strict=True))


def _averages(sentence: Sentence) -> bool:
    """*the average salary of an employee*: so much for each of them in the total."""
    return bool(re.search(r"\baverage (?:salary|wage|cost|price)\b", sentence.text, re.IGNORECASE))
