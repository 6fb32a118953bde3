"""JSON with exact numbers and, when something is wrong, the place of it.

Reading uses the standard library (fast, in C) with numbers kept exact; the place of a value is only looked for when
a diagnostic needs it, by walking the text once more along the value's path.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction

from quod.backends.milp import codes
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["MAX_DIGITS", "MAX_NESTING", "Json", "Number", "Path", "locate", "number", "read_json"]

Number = int | Fraction
Json = None | bool | int | Fraction | str | list["Json"] | dict[str, "Json"]
Path = tuple[str | int, ...]

MAX_NESTING = 60
MAX_DIGITS = 400
_DECIMAL = re.compile(r"\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*")
_RATIO = re.compile(r"\s*([+-]?\d+)\s*/\s*(\d+)\s*")


def number(text: str) -> Number | None:
    """A decimal (``12``, ``-0.5``, ``1e3``), a ratio (``2/3``) or a percentage as an exact number; None if neither."""
    if len(text) > MAX_DIGITS:
        return None
    # the two plain cases by hand: tables have many
    whole, dot, rest = text.partition(".")
    if whole.isascii() and whole.isdigit():
        if not dot:
            return int(whole)
        if rest.isascii() and rest.isdigit():
            decimal = Fraction(int(whole + rest), 10 ** len(rest))
            return decimal.numerator if decimal.denominator == 1 else decimal
    match = _DECIMAL.fullmatch(text)
    if match:
        sign, whole, fraction, exponent = match.groups()
        if not whole and not fraction:
            return None
        digits = int((whole or "") + (fraction or ""))
        scale = int(exponent or 0) - len(fraction or "")
        if sign == "-":
            digits = -digits
        if scale >= 0:
            return digits * int(10**scale)
        return _plain(Fraction(digits, 10**-scale))
    if text.rstrip().endswith("%"):
        share = number(text.rstrip()[:-1])
        return None if share is None else _plain(Fraction(share) / 100)
    ratio = _RATIO.fullmatch(text)
    if ratio and int(ratio[2]):
        return _plain(Fraction(int(ratio[1]), int(ratio[2])))
    return None


def _plain(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


class _Bad(Exception):  # noqa: N818 - carried out of the JSON hooks, never raised to callers
    pass


def _exact(text: str) -> Number:
    value = number(text)
    if value is None:
        raise _Bad(text)
    return value


def _refuse_constant(text: str) -> Number:
    raise _Bad(text)


_STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def _too_deep(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_NESTING + 1):
        inner: list[Json] = []
        for v in level:
            if isinstance(v, dict):
                inner += [w for w in v.values() if isinstance(w, (dict, list))]
            elif isinstance(v, list):
                inner += [w for w in v if isinstance(w, (dict, list))]
        if not inner:
            return False
        level = inner
    return True


def read_json(text: str) -> tuple[Json, list[Diagnostic]]:
    """The value, numbers exact, and what is wrong. NaN, infinities and duplicate keys are refused."""
    deep = [codes.TOO_DEEP.error(f"the JSON is nested deeper than {MAX_NESTING}")]
    duplicates: list[str] = []

    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        result = dict(items)
        if len(result) < len(items):
            seen: set[str] = set()
            for key, _ in items:
                if key in seen:
                    duplicates.append(key)
                seen.add(key)
        return result

    try:
        value: Json = json.loads(
            text, parse_float=_exact, parse_int=_exact, parse_constant=_refuse_constant, object_pairs_hook=pairs
        )
    except RecursionError:
        return None, deep
    except json.JSONDecodeError as error:
        # the parser stops after the token before: the fault is where the next one stands
        span = Span.at(text, len(text) - len(text[error.pos :].lstrip()))
        return None, [codes.BAD_JSON.error(f"not JSON: {error.msg}", span=span)]
    except _Bad as error:
        at = text.find(str(error))
        shown = str(error)[:40]
        hint = "bounds without limit are written null" if "n" in shown.lower() else None
        message = f"{shown!r} is not a number a model can hold"
        return None, [codes.BAD_NUMBER.error(message, span=Span.at(text, max(at, 0)), hint=hint)]
    if _too_deep(value):
        return None, deep
    found = []
    for key in duplicates:
        last = text.rfind(json.dumps(key, ensure_ascii=False))
        place = Span.at(text, last) if last >= 0 else None
        found.append(codes.DUPLICATE.error(f"the key {key!r} is given twice in one object", span=place))
    return value, found


_SPACE = re.compile(r"[\s,:]*")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def _skip(text: str, at: int) -> int:
    """The end of the JSON value that starts at ``at``."""
    if text[at] == '"':
        match = _STRING.match(text, at)
        return match.end() if match else len(text)
    if text[at] not in "[{":
        while at < len(text) and text[at] not in ",]} \n\t\r":
            at += 1
        return at
    depth = 0
    for match in _STRUCTURE.finditer(text, at):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(text)


def locate(text: str, path: Path, inside: tuple[int, int] | None = None) -> Span | None:
    """Where the value at ``path`` stands; ``inside`` are offsets within it, if it is a string."""
    at = _SPACE.match(text).end()  # type: ignore[union-attr] # the pattern matches the empty string
    for step in path:
        if at >= len(text) or text[at] not in "[{":
            break
        wanted, at, found = step, at + 1, False
        count = 0
        while True:
            at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
            if at >= len(text) or text[at] in "]}":
                break
            if isinstance(wanted, str):
                key = _STRING.match(text, at)
                if key is None:
                    return None
                after = _SPACE.match(text, key.end()).end()  # type: ignore[union-attr]
                if json.loads(key.group(), strict=False) == wanted:
                    at, found = after, True
                    break
                at = _skip(text, after)
            else:
                if count == wanted:
                    found = True
                    break
                count += 1
                at = _skip(text, at)
        if not found:
            return None
    if at >= len(text):
        return None
    end = _skip(text, at)
    if inside is not None and text[at] == '"':
        return Span.at(text, min(at + 1 + inside[0], end), min(at + 1 + inside[1], end))
    return Span.at(text, at, end)
