"""NL4Opt's declarations as rows ``a·x op b``, and its declaration-level score.

The score is the competition's (Ramamonjison et al. 2022, arXiv:2303.08233, eq. 1): one minus the declarations
missed or invented over the gold's declarations, here on exact rows, with our variables matched to the gold's by
the matching that scores best.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from quod.backends.milp.ground import ground
from quod.backends.milp.model import parse_model
from quod.core.answer import Answer
from quod.core.errors import InputError
from quod.core.problem import FORMAL_ONLY, make_problem
from quod.evals.data import Raw

__all__ = ["canonical_of", "declaration_score"]

_OPS = {"LESS_OR_EQUAL": "<=", "GREATER_OR_EQUAL": ">=", "EQUAL": "="}
_MOST_VARIABLES = 6

_Line = tuple[str, tuple[Fraction, ...], Fraction]


def canonical_of(declarations: Raw) -> Raw:
    """``canonical``, ``optimum`` and ``status`` of the authors' declarations.

    The optimum is left out: an authors' file has none, so its rows are compared with what the gold rows solve to.
    """
    names = list(declarations["vars"])
    at = declarations.get("order_mapping") or {name: i for i, name in enumerate(names)}
    objective = declarations["obj_declaration"]

    def vector(terms: dict[str, Any]) -> list[Fraction]:
        entries = [Fraction(0)] * len(names)
        for name, value in terms.items():
            entries[at[name]] += _number(value)
        return entries

    lines = [_line(d, vector) for d in declarations["const_declarations"]]
    terms = objective.get("terms") or dict.fromkeys(names, "1")
    return {
        "canonical": {
            "sense": "max" if objective["direction"].lower().startswith(("max", "more", "most", "high")) else "min",
            "vars": names,
            "c": [str(v) for v in vector(terms)],
            "rows": [{"a": [str(v) for v in a], "op": op, "b": str(b)} for op, a, b in lines],
        }
    }


def _line(declaration: dict[str, Any], vector: Any) -> _Line:
    """One declared constraint as ``(op, a, b)``."""
    kind, op = declaration["type"], _OPS[declaration["operator"]]
    zero = Fraction(0)
    if kind == "xy":
        a = _minus(vector({declaration["x_var"]: "1"}), vector({declaration["y_var"]: "1"}))
        return op, a, zero
    if kind == "xby":
        a = _minus(vector({declaration["x_var"]: "1"}), vector({declaration["y_var"]: declaration["param"]}))
        return op, a, zero
    limit = _number(declaration["limit"])
    if kind in {"lowerbound", "upperbound"}:
        return op, tuple(vector({declaration["var"]: "1"})), limit
    size = len(vector({}))
    if kind == "sum":
        return op, (Fraction(1),) * size, limit
    if kind == "ratio":
        return op, _minus(vector({declaration["var"]: "1"}), [limit] * size), zero
    return op, tuple(vector(declaration.get("terms") or {})), limit


def _minus(a: list[Fraction], b: list[Fraction]) -> tuple[Fraction, ...]:
    return tuple(x - y for x, y in zip(a, b, strict=True))


_WORDS = {word: Fraction(n) for n, word in enumerate("zero one two three four five six seven eight nine ten".split())}
_WORDS |= {
    "once": Fraction(1),
    "twice": Fraction(2),
    "thrice": Fraction(3),
    "double": Fraction(2),
    "dozen": Fraction(12),
}
_WORDS |= {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "fifth": Fraction(1, 5)}
_WORDS |= {"twenty": Fraction(20), "thirty": Fraction(30), "forty": Fraction(40), "fifty": Fraction(50)}
_WORDS |= {"sixty": Fraction(60), "seventy": Fraction(70), "eighty": Fraction(80), "ninety": Fraction(90)}
_WORDS |= {"hundred": Fraction(100), "thousand": Fraction(1000), "million": Fraction(1_000_000)}
_FILLING = {"a", "an", "of", "times", "the", "as", "many", "much", "minutes", "hours", "dollars", "units"}


def _number(text: Any) -> Fraction:
    """A declared amount: ``1,000``, ``$5``, ``40%``, ``twice``, ``three times``, ``a third``, ``two thirds``.

    Raises InputError for anything else.
    """
    words = str(text).replace(",", "").replace("$", "").lower().strip()
    share = 100 if words.endswith(("%", "percent")) else 1
    value, found = Fraction(1), False
    for word in words.removesuffix("percent").rstrip("%").replace("-", " -", 1).split():
        if word in _FILLING:
            continue
        factor = _WORDS.get(word) or _WORDS.get(word.rstrip("s"))
        if factor is None:
            try:
                factor = Fraction(word)
            except (ValueError, ZeroDivisionError):
                raise InputError(f"the declared amount '{text}' cannot be read") from None
        value, found = value * factor, True
    if not found:
        raise InputError(f"the declared amount '{text}' cannot be read")
    return value / share


def lines_of(canonical: Raw) -> list[_Line]:
    """The objective (as an ``=`` row over its direction) and the rows, each scaled so that equal rows are equal."""
    lines = [_normal("max", [Fraction(v) for v in canonical["c"]], Fraction(0), canonical["sense"] == "min")]
    lines += [_normal(r["op"], [Fraction(v) for v in r["a"]], Fraction(r["b"])) for r in canonical["rows"]]
    return lines


def _normal(op: str, a: list[Fraction], b: Fraction, negate: bool = False) -> _Line:
    if op == ">=" or negate:
        op, a, b = ("<=" if op == ">=" else op), [-v for v in a], -b
    scale = max((abs(v) for v in a), default=Fraction(0)) or Fraction(1)
    a, b = [v / scale for v in a], b / scale
    if op == "=" and next((v for v in a if v), Fraction(1)) < 0:
        a, b = [-v for v in a], -b
    return op, tuple(a), b


def score_lines(ours: list[_Line], gold: list[_Line], variables: int) -> float | None:
    """The best score over all matchings of the variables; None where there are too many to try."""
    if variables > _MOST_VARIABLES or any(len(a) != variables for _, a, _ in ours):
        return None
    best = 0.0
    for order in itertools.permutations(range(variables)):
        left = list(gold)
        invented = 0
        for op, a, b in ours:
            line = (op, tuple(a[i] for i in order), b)
            if line in left:
                left.remove(line)
            else:
                invented += 1
        best = max(best, 1.0 - (invented + len(left)) / len(gold))
    return max(0.0, best)


def declaration_score(answer: Answer, canonical: Raw) -> float | None:
    """The declaration-level score of an answer's model against gold rows; None where it is not linear rows."""
    lines = _lines_of_model(answer)
    if lines is None:
        return None
    return score_lines(lines, lines_of(canonical), len(canonical["vars"]))


def _lines_of_model(answer: Answer) -> list[_Line] | None:
    """The rows of the answer's model over its columns; limits of columns count as rows, but x >= 0 does not."""
    if answer.formalization is None:
        return None
    model, _ = parse_model(answer.formalization.text)
    if model is None:
        return None
    grounded, _ = ground(model, make_problem(text=FORMAL_ONLY))
    if grounded is None or not grounded.linear:
        return None
    program = grounded.program
    size = len(program.names)

    def vector(terms: Mapping[int, Fraction | int]) -> list[Fraction]:
        return [Fraction(terms.get(j, 0)) for j in range(size)]

    lines = [_normal("max", vector(program.cost), Fraction(0), not program.maximize)]
    limits = [(vector({j: 1}), program.lower[j] or None, program.upper[j]) for j in range(size)]
    limits += [(vector(row.terms), row.lower, row.upper) for row in program.rows]
    for a, lower, upper in limits:
        if lower is not None and lower == upper:
            lines.append(_normal("=", a, Fraction(lower)))
            continue
        if upper is not None:
            lines.append(_normal("<=", a, Fraction(upper)))
        if lower is not None:
            lines.append(_normal(">=", a, Fraction(lower)))
    return lines
