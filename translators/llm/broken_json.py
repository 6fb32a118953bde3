"""JSON with one slip of notation, mended where exactly one reading of it has the wanted shape.

A quote, brace, bracket, comma or colon too few, or one too many. Every place where one could be put in or left out is
tried; what then parses, repeats no key and has the wanted shape is a reading. Nothing is mended if there are two: then
meaning would be guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from quod.core.model import JsonValue

__all__ = ["one_slip"]

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:"]|[^\s{}\[\],:"]+')
_MARKS = ('"', "}", "]", "{", "[", ",", ":")
_MOST_CHARACTERS = 20_000
_MOST_TRIALS = 20_000
_MOST_BRACKETS = 400


def one_slip(text: str, fits: Callable[[JsonValue], bool]) -> tuple[str, str] | None:
    """The mended text and what was done, in words; None if the text is JSON or no one slip explains it."""
    if len(text) > _MOST_CHARACTERS or text.count("{") + text.count("[") > _MOST_BRACKETS:
        return None
    try:
        _load(text)
    except json.JSONDecodeError as error:
        furthest = error.pos
    except ValueError:
        return None
    else:
        return None
    readings: dict[str, tuple[str, str]] = {}
    for trials, (mended, done) in enumerate(_slips(text, furthest), start=1):
        if trials > _MOST_TRIALS:
            return None
        try:
            value = _load(mended)
        except ValueError:
            continue
        if fits(value):
            readings.setdefault(json.dumps(value, sort_keys=True), (mended, done))
            if len(readings) > 1:
                return None
    return next(iter(readings.values()), None)


def _slips(text: str, furthest: int) -> Iterator[tuple[str, str]]:
    """The text with one mark put in or left out. A slip stands no later than the place where reading fails."""
    tokens = list(_TOKEN.finditer(text))
    places = sorted({place for t in tokens for place in (t.start(), t.end())} | {len(text.rstrip())})
    for place in places:
        if place > furthest + 1:
            # an opening quote that is missing shows only at the next one, on the same line
            break
        for mark in _MARKS:
            if mark == '"' and not re.search(r"\S", text[max(0, place - 1) : place + 1].strip("{}[],:")):
                continue  # a quote stands next to what it quotes
            yield text[:place] + mark + text[place:], f"put in the missing '{mark}' of line {_line(text, place)}"
    for token in tokens:
        if token.start() > furthest + 1:
            break
        if token[0] in _MARKS:
            line = _line(text, token.start())
            yield text[: token.start()] + text[token.end() :], f"left out a '{token[0]}' too many in line {line}"


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _load(text: str) -> JsonValue:
    value: JsonValue = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    return value


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
