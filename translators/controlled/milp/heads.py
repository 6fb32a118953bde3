"""The noun that a number counts: bags in *5 bags of flour*, machines in *3 cutting machines*."""

from __future__ import annotations

from collections.abc import Sequence

from quod.translators.controlled.milp.lexicon import FUNCTION, VERBS
from quod.translators.controlled.milp.tokens import Token

__all__ = ["noun_behind"]

_ADVERBS = frozenset("right left now today daily weekly monthly yearly altogether hourly still only".split())

# One unit in several spellings.
_SPELLINGS = {
    "kilogram": "kg", "kilo": "kg", "gram": "g", "liter": "l", "litre": "l", "lb": "pound", "hr": "hour",
    "min": "minute",
    "foot": "ft", "sq": "ft", "square": "ft", "ounce": "oz", "milliliter": "ml", "millilitre": "ml", "metre": "meter",
}  # fmt: skip


def noun_behind(tokens: Sequence[Token], k: int) -> tuple[str, ...]:
    """The words of the noun right behind the number at ``k``, the head last; nothing where that cannot be told."""
    words: list[str] = []
    for i in range(k + 1, len(tokens)):
        token = tokens[i]
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        doing = token.low.endswith("ing") and after is not None and after.kind == "word"
        if doing and after is not None and after.low not in FUNCTION | VERBS:
            continue  # cutting machines
        several = i == k + 1 and token.low.endswith("s") and tokens[k].value != 1 and token.low not in FUNCTION
        if several and token.low in VERBS:
            words.append(token.stem)  # 40 cans, 12 plants
            continue
        if (
            token.kind != "word"
            or token.low in _ADVERBS
            or token.value is not None
            or token.low in FUNCTION
            or token.low in VERBS
        ):
            break
        words.append(_SPELLINGS.get(token.stem, token.stem))
    return tuple(words)
