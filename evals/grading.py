"""How answers are scored: labels, numbers, several named numbers, plans, proofs.

Every grader is a small picklable value with the row's gold in it. An answer without a conclusion that could be
compared is an abstention, never a wrong answer.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from quod.core.answer import Answer, Status
from quod.core.model import JsonValue
from quod.core.verdict import Conclusion
from quod.evals.benchmark import Grade

__all__ = [
    "LabelGrade", "NamedNumbersGrade", "NumberGrade", "OptionGrade", "PlanGrade", "ProofGrade", "close",
    "objective_of", "said", "tolerance_of",
]  # fmt: skip

_LABELS = {
    Conclusion.PROVED: "True",
    Conclusion.DISPROVED: "False",
    Conclusion.UNDETERMINED: "Unknown",
    Conclusion.INCONSISTENT: "inconsistent",
}


def said(answer: Answer) -> str:
    """A word or two for what an answer was, where it could not be compared."""
    if answer.verdict and answer.verdict.gave_up:
        return f"gave up: {answer.verdict.gave_up}"
    return str(answer.conclusion or answer.status)


@dataclass(frozen=True)
class LabelGrade:
    """Right if the conclusion reads as the row's label (True, False or Unknown)."""

    label: str

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        got = _LABELS.get(answer.conclusion) if answer.conclusion else None
        if got is None:
            return Grade(None, self.label, said(answer))
        return Grade(got == self.label, self.label, got)


@dataclass(frozen=True)
class OptionGrade:
    """Right if exactly the row's option is answered."""

    label: str

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        got = answer.data.get("option")
        if not isinstance(got, str):
            return Grade(None, self.label, said(answer))
        return Grade(got == self.label, self.label, got)


def number(value: JsonValue) -> float | None:
    """A JSON value as a number: exact rationals as text (``"8000/9"``), decimals, numbers; None if it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        text = value.strip().replace(",", "").lstrip("$").rstrip("%")
        try:
            return float(Fraction(text))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None
    if isinstance(value, dict):
        return number(value.get("exact")) if "exact" in value else number(value.get("value"))
    return None


def objective_of(answer: Answer) -> float | None:
    """The objective value of an optimization answer, if it has one."""
    for key in ("objective", "value", "optimum"):
        if (found := number(answer.data.get(key))) is not None:
            return found
    return None


def close(expected: float, got: float, relative: float, absolute: float = 0.0) -> bool:
    """Whether two numbers agree; ``relative`` is to the larger, but not below 1."""
    if not (math.isfinite(expected) and math.isfinite(got)):
        return False
    return abs(expected - got) <= max(relative * max(1.0, abs(expected), abs(got)), absolute)


def tolerance_of(label: str) -> float:
    """How far a value may be from a label written with so many decimals: half a unit of the last one.

    ``"3.33"`` allows 0.005; whole numbers and ``"3.0"`` allow nothing beyond the relative tolerance, being exact
    as often as rounded.
    """
    decimals = re.fullmatch(r"-?[\d,]*\.(\d*[1-9])0*", label.strip())
    return 0.5 * 10.0 ** -len(decimals.group(1)) if decimals else 0.0


@dataclass(frozen=True)
class NumberGrade:
    """Right if the status is the one expected and the optimum agrees with any of the values accepted."""

    values: tuple[float, ...]
    relative: float = 1e-6
    absolute: float = 0.0
    """To the rounding the text asks for."""
    status: str = "optimal"

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        expected = " or ".join(f"{v:.10g}" for v in self.values) if self.status == "optimal" else self.status
        if answer.conclusion not in {Conclusion.OPTIMAL, Conclusion.INFEASIBLE, Conclusion.UNBOUNDED}:
            return Grade(None, expected, said(answer))
        got = objective_of(answer)
        if answer.conclusion is not Conclusion.OPTIMAL or self.status != "optimal":
            words = str(answer.conclusion) if got is None else f"{answer.conclusion} {got:.10g}"
            return Grade(str(answer.conclusion) == self.status, expected, words)
        if got is None:
            return Grade(None, expected, "optimal, without a value")
        right = any(close(v, got, self.relative, self.absolute) for v in self.values)
        return Grade(right, expected, f"{got:.10g}")


@dataclass(frozen=True)
class NamedNumbersGrade:
    """Right if every named number of the gold is among the answer's numbers; each number may be used once.

    The names are people's words ("The number of tables to produce"), so a number is looked for by value among the
    objective, the variables and what is defined from them, to the label's own rounding.
    """

    expected: tuple[tuple[str, str], ...]
    relative: float = 1e-4

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        wanted = "; ".join(f"{name}: {value}" for name, value in self.expected)
        if answer.conclusion is not Conclusion.OPTIMAL:
            if answer.conclusion in {Conclusion.INFEASIBLE, Conclusion.UNBOUNDED}:
                return Grade(False, wanted, str(answer.conclusion))
            return Grade(None, wanted, said(answer))
        pool = numbers_of(answer)
        missing, found = [], 0
        for name, value in sorted(self.expected, key=lambda pair: -abs(number(pair[1]) or 0.0)):
            target = number(value)
            if target is None:
                continue
            absolute = tolerance_of(value)
            at = next((i for i, v in enumerate(pool) if close(target, v, self.relative, absolute)), None)
            if at is None and close(target, 0.0, 0.0, 1e-9):
                found += 1  # a variable at zero may have been left out of the model
            elif at is None:
                missing.append(f"{name}: {value}")
            else:
                pool.pop(at)
                found += 1
        share = {"named numbers": found / max(1, found + len(missing))}
        got = f"{objective_of(answer):.8g}" if objective_of(answer) is not None else "optimal"
        if missing:
            return Grade(False, wanted, f"{got}; not found: {'; '.join(missing)}", share)
        return Grade(True, wanted, got, share)


def numbers_of(answer: Answer) -> list[float]:
    """Every number of an optimization answer: the objective, then the variables' values."""
    found = [] if (objective := objective_of(answer)) is None else [objective]
    pending: list[JsonValue] = [answer.data.get("variables"), answer.data.get("solution")]
    while pending and len(found) < 100_000:
        value = pending.pop(0)
        if isinstance(value, dict) and not {"exact", "value"} & value.keys():
            pending += value.values()
        elif isinstance(value, list):
            pending += value
        elif (n := number(value)) is not None:
            found.append(n)
    return found


@dataclass(frozen=True)
class PlanGrade:
    """Right if the plan is valid (and, where an optimal cost is known, not claimed optimal at another cost)."""

    optimal_cost: float | None = None
    best_known: float | None = None
    unsolvable: bool = False

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer; ``optimal`` scores how often the plan has the optimal cost."""
        expected = "unsolvable" if self.unsolvable else "a valid plan"
        if self.optimal_cost is not None:
            expected = f"optimal cost {self.optimal_cost:g}"
        elif self.best_known is not None:
            expected = f"best known cost {self.best_known:g}"
        if answer.conclusion is Conclusion.UNSOLVABLE:
            return Grade(self.unsolvable, expected, "unsolvable")
        if answer.conclusion is not Conclusion.PLAN:
            return Grade(None, expected, said(answer))
        if self.unsolvable:
            return Grade(False, expected, "a plan")
        valid = answer.certificate is not None and answer.certificate.accepted
        cost = number(answer.data.get("cost"))
        scores = {"valid plan": float(valid)}
        claimed = answer.data.get("optimal") is True
        got = f"{'valid' if valid else 'INVALID'} plan, cost {cost if cost is None else f'{cost:g}'}"
        got += ", said to be optimal" if claimed else ""
        if self.optimal_cost is not None and cost is not None:
            scores["optimal plan"] = float(valid and close(self.optimal_cost, cost, 1e-9))
            if cost < self.optimal_cost - 1e-9 or (claimed and not close(self.optimal_cost, cost, 1e-9)):
                return Grade(False, expected, got, scores)
        if self.best_known is not None and cost is not None and claimed and cost > self.best_known + 1e-9:
            return Grade(False, expected, got, scores)
        return Grade(valid, expected, got, scores)


@dataclass(frozen=True)
class ProofGrade:
    """Right if the kernel accepted a proof of exactly the statement; a refutation of it is wrong; all else abstains."""

    statement: str
    """Header and statement: the certificate must be for exactly this, blanks aside."""

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        if answer.conclusion is Conclusion.PROVED and answer.status is Status.VERIFIED:
            pinned = answer.certificate.payload.get("statement") if answer.certificate else None
            if " ".join(str(pinned).split()) != " ".join(self.statement.split()):
                return Grade(None, "proved", "another statement was proved")
            return Grade(True, "proved", "proved")
        if answer.conclusion is Conclusion.DISPROVED and answer.status is Status.VERIFIED:
            return Grade(False, "proved", "disproved")
        return Grade(None, "proved", said(answer))
