"""Runs the trust bench: mutants of gold go through quod as a model's draft would, and what quod says is tallied."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from quod.backends.registry import get_backend
from quod.core.answer import Answer, Status
from quod.core.diagnostics import Diagnostic, Severity
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.judge import flagged
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.core.run import Run
from quod.evals.trust import fol, milp, pddl, rocq
from quod.evals.trust.mutation import FaultClass, Mutant, mutate
from quod.repair.candidate import consider
from quod.translators.registry import controlled_translator

__all__ = ["OPERATORS", "Gold", "Judged", "Tally", "judge_gold", "judge_mutants", "operators_of", "sound"]

OPERATORS = {
    Formalism.FOL: fol.OPERATORS,
    Formalism.MILP: milp.OPERATORS,
    Formalism.PDDL: pddl.OPERATORS,
    Formalism.ROCQ: rocq.OPERATORS,
}


@dataclass(frozen=True)
class Gold:
    """A problem's words and a formal text that says the same."""

    id: str
    problem: Problem
    formalization: Formalization
    quiet: frozenset[tuple[str, str]] = frozenset()
    """Code and message of what is said of the gold itself: of a mutant that shows nothing."""


@dataclass(frozen=True)
class Judged:
    """What quod said of one mutant."""

    gold: str
    mutant: Mutant
    equivalent: bool | None
    """Whether the mutant still says what the gold says; None if that was not decided."""
    verified: bool
    flagged: bool
    detected: bool
    """An error or a warning that the gold does not draw, or no conclusion where an engine did not even give up."""
    by: str
    """The code of the first error or warning, if any."""
    located: bool
    covered: bool
    """Whether a deterministic grammar reads the words."""


def operators_of(formalism: Formalism) -> tuple[str, ...]:
    """The names of a formalism's operators."""
    return tuple(operator.name for operator in OPERATORS.get(formalism, ()))


def judge_gold(gold: Gold) -> tuple[bool, Answer]:
    """Whether the gold itself draws a false alarm (an error, or a doubt of its faithfulness), and the answer."""
    answer = consider(gold.problem, gold.formalization, Run(budget=gold.problem.budget))
    return bool(flagged(answer.diagnostics)) or answer.conclusion is None, answer


def sound(golds: Iterable[Gold], tally: Tally) -> Iterator[Gold]:
    """The golds that draw no false alarm, with what else is said of them; all are counted."""
    for gold in golds:
        alarm, answer = judge_gold(gold)
        tally.gold(gold.id, [f"{d.code}: {d.message}" for d in answer.diagnostics if _noticed(d)] if alarm else None)
        if not alarm:
            yield replace(gold, quiet=frozenset((d.code, d.message) for d in answer.diagnostics))


def _noticed(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is not Severity.INFO


def judge_mutants(gold: Gold, seed: int, each: int, most: int | None) -> Iterator[Judged]:
    """Every operator (or ``most`` of them) on one gold, at most ``each`` mutants apiece."""
    covered = _covered(gold)
    operators = OPERATORS[gold.formalization.formalism]
    if most is not None:
        operators = tuple(random.Random(f"{seed}/{gold.id}").sample(operators, min(most, len(operators))))
    for operator in operators:
        rng = random.Random(f"{seed}/{gold.id}/{operator.name}")
        for mutant in mutate(operator, gold.formalization.text, rng, each):
            yield _judge(gold, mutant, covered)


def _covered(gold: Gold) -> bool:
    translator = controlled_translator(gold.formalization.formalism)
    if translator is None:
        return False
    return translator.translate(gold.problem, Run(budget=gold.problem.budget)).formalization is not None


def _judge(gold: Gold, mutant: Mutant, covered: bool) -> Judged:
    problem = gold.problem
    run = Run(budget=problem.budget)
    candidate = gold.formalization.model_copy(update={"text": mutant.text, "source_map": ()})
    answer = consider(problem, candidate, run)
    noticed = [d for d in answer.diagnostics if _noticed(d) and (d.code, d.message) not in gold.quiet]
    verified = answer.status is Status.VERIFIED
    equivalent: bool | None = False
    if verified or mutant.fault is FaultClass.SEMANTIC:
        solved = answer.formalization or candidate
        backend = get_backend(mutant.formalism)
        equivalent = backend.equivalent(solved, gold.formalization, problem, Run(budget=problem.budget)).equivalent
    return Judged(
        gold=gold.id,
        mutant=mutant,
        equivalent=equivalent,
        verified=verified,
        flagged=bool(flagged(answer.diagnostics)),
        detected=bool(noticed) or answer.conclusion is None,
        by=noticed[0].code if noticed else "",
        located=any(_locates(d, mutant) for d in noticed),
        covered=covered,
    )


def _locates(diagnostic: Diagnostic, mutant: Mutant) -> bool:
    if diagnostic.data.get("element") == mutant.element and mutant.element:
        return True
    return diagnostic.span is not None and abs(diagnostic.span.line - mutant.line) <= 1


class Tally:
    """Counts over judged mutants, by operator and in all."""

    def __init__(self) -> None:
        self._by: dict[str, Counter[str]] = defaultdict(Counter)
        self._all: Counter[str] = Counter()
        self._golds = 0
        self.alarms: dict[str, list[str]] = {}
        """What was said of golds that drew a false alarm, by their ids."""

    def gold(self, name: str, alarm: list[str] | None) -> None:
        """Count a gold, with what it was falsely accused of (None: nothing)."""
        self._golds += 1
        if alarm is not None:
            self.alarms[name] = alarm

    def add(self, judged: Judged) -> None:
        """Count a mutant. One that says the same as its gold is no fault: it is only counted as such."""
        mutant = judged.mutant
        if judged.equivalent and mutant.fault is FaultClass.SEMANTIC:
            self._count(mutant.operator, "equivalent")
            return
        self._count(mutant.operator, "mutants")
        for name in ("detected", "located", "verified", "flagged"):
            if getattr(judged, name):
                self._count(mutant.operator, name)
        if mutant.fault is FaultClass.SEMANTIC:
            kind = "controlled" if judged.covered else "other"
            self._count(mutant.operator, f"semantic_{kind}")
            if judged.verified:
                self._count(mutant.operator, f"unflagged_{kind}")
        elif judged.verified and not judged.equivalent:
            self._count(mutant.operator, "visible_verified")

    def _count(self, operator: str, what: str) -> None:
        self._by[operator][what] += 1
        self._all[what] += 1

    def summary(self) -> JsonDict:
        """The summary of ``quod bench trust --json``. Shares are of the semantic mutants of each kind."""
        total = self._all

        def share(kind: str) -> float | None:
            n = total[f"semantic_{kind}"]
            return round(total[f"unflagged_{kind}"] / n, 4) if n else None

        return {
            "mutants": total["mutants"],
            "equivalent_removed": total["equivalent"],
            "detected": total["detected"],
            "located": total["located"],
            "visible_verified": total["visible_verified"],
            "semantic_controlled": total["semantic_controlled"],
            "semantic_other": total["semantic_other"],
            "semantic_unflagged_controlled": share("controlled"),
            "semantic_unflagged_other": share("other"),
            "golds": self._golds,
            "false_alarm_rate": round(len(self.alarms) / self._golds, 4) if self._golds else None,
            "alarms": {name: list(said) for name, said in self.alarms.items()},
            "by_operator": {name: dict(counts) for name, counts in sorted(self._by.items())},
        }
