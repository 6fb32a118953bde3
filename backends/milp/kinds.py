"""The class of a constraint as declared, against what its rows are; and rows that say nothing.

Classes are those of NL4Opt (Ramamonjison et al. 2022): upper and lower bound, sum, linear, ratio, comparison of two
(``xy``, ``xby``). A declared class is a second statement of what the words mean, made apart from the signs of the
rule: where they differ, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from quod.backends.milp import codes
from quod.backends.milp.ground import Ground
from quod.backends.milp.linear import Number, Program, Row
from quod.backends.milp.reading import locate
from quod.core.diagnostics import Diagnostic

__all__ = ["check_kinds", "redundant"]


def _single(row: Row, *, upper: bool) -> bool:
    if len(row.terms) != 1:
        return False
    (a,) = row.terms.values()
    limits = (row.upper, row.lower) if a > 0 else (row.lower, row.upper)
    return limits[0 if upper else 1] is not None


def _limit(row: Row) -> bool:
    return 0 in (row.lower, row.upper)


def _signs(row: Row) -> bool:
    return any(a > 0 for a in row.terms.values()) and any(a < 0 for a in row.terms.values())


_CLASSES: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "upperbound": ("an upper bound of one quantity", lambda r: _single(r, upper=True)),
    "lowerbound": ("a lower bound of one quantity", lambda r: _single(r, upper=False)),
    "sum": ("a limit on a plain sum", lambda r: len({abs(a) for a in r.terms.values()}) <= 1 and not _signs(r)),
    "ratio": ("a share of a total", lambda r: _limit(r) and (_signs(r) or len(r.terms) == 1)),
    "xy": ("a comparison of two quantities", lambda r: len(r.terms) == 2 and _limit(r) and _signs(r)),
    "xby": ("a quantity against a multiple of another", lambda r: len(r.terms) == 2 and _limit(r) and _signs(r)),
}
_NAMES = {"comparison": "xy", "multiple": "xby"}
MOST = 500


def check_kinds(ground: Ground) -> list[Diagnostic]:
    """A warning for every constraint that is not of the class it declares."""
    found = []
    rows: dict[int, list[Row]] = {}
    for row in ground.program.rows:
        rows.setdefault(row.origin, []).append(row)
    for position, constraint in enumerate(ground.model.constraints):
        kind = "".join(c for c in constraint.kind.lower() if c.isalpha())
        declared = _CLASSES.get(_NAMES.get(kind, kind))
        if declared is None or position not in rows:
            continue
        name, fits = declared
        if not all(fits(r) for r in rows[position] if r.terms):
            message = f"constraint '{constraint.name}' is declared {name}, and its rule is not one"
            span = locate(ground.model.text, constraint.path)
            found.append(codes.KIND_MISMATCH.warning(message, span=span, source=constraint.words or None))
    return found


def redundant(ground: Ground) -> list[Diagnostic]:
    """Constraints that hold whatever is chosen, and those that only repeat another, weaker or the same."""
    program = ground.program
    if len(program.rows) > MOST:
        return []
    found = []
    strongest: dict[frozenset[tuple[int, Fraction]], list[tuple[Row, Number | None, Number | None]]] = {}
    for row in program.rows:
        if not row.terms:
            continue
        if _always(program, row):
            found.append(codes.REDUNDANT.info(f"constraint '{row.name}' holds whatever is chosen, by the bounds alone"))
            continue
        lead = row.terms[min(row.terms)]
        low, high = (None if v is None else Fraction(v) / lead for v in (row.lower, row.upper))
        if lead < 0:
            low, high = high, low
        key = frozenset((j, Fraction(a) / lead) for j, a in row.terms.items())
        for other, a, b in strongest.get(key, []):
            if (low is None or (a is not None and a >= low)) and (high is None or (b is not None and b <= high)):
                found.append(codes.REDUNDANT.info(f"constraint '{row.name}' says no more than '{other.name}'"))
                break
        strongest.setdefault(key, []).append((row, low, high))
    return found[:20]


def _always(program: Program, row: Row) -> bool:
    least, most = _extreme(program, row, upper=False), _extreme(program, row, upper=True)
    return (row.lower is None or (least is not None and least >= row.lower)) and (
        row.upper is None or (most is not None and most <= row.upper)
    )


def _extreme(program: Program, row: Row, *, upper: bool) -> Number | None:
    """The largest (smallest) value that the bounds alone allow the row."""
    total: Number = 0
    for j, a in row.terms.items():
        limit = program.upper[j] if (a > 0) is upper else program.lower[j]
        if limit is None:
            return None
        total += a * limit
    return total
