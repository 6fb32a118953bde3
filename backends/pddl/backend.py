"""The pddl backend: load, solve, replay, judge, and say what is and is not proved."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from fractions import Fraction

from quod.backends.pddl import codes
from quod.backends.pddl.documents import load
from quod.backends.pddl.engines.base import Found
from quod.backends.pddl.engines.doctor import engine_infos
from quod.backends.pddl.equivalence import equivalent
from quod.backends.pddl.explain import explain_unsolvable
from quod.backends.pddl.lint import lint_task
from quod.backends.pddl.mend import mend
from quod.backends.pddl.plans import decimal, show_plan
from quod.backends.pddl.portfolio import Asked, Search, cross_validate, search
from quod.backends.pddl.task import Task
from quod.backends.pddl.validator import CHECKER
from quod.backends.pddl.words import plan_words, read_back
from quod.core.assurance import Assurance, Certificate, Claim
from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict, JsonValue
from quod.core.problem import FORMAL_ONLY, Problem
from quod.core.protocols import CheckResult, EngineInfo, Equivalence, Mended
from quod.core.run import Run
from quod.core.verdict import Conclusion, GaveUp, Verdict

__all__ = ["PddlBackend"]

_ASKS_BEST = re.compile(
    r"\b(shortest|optimal|optimally|cheapest|fewest|fastest|quickest|least[- ]cost|minimal|minimum|minimi[sz]\w+|"
    r"as few|as little|as cheaply|as quickly|as fast)\b",
    re.IGNORECASE,
)


class PddlBackend:
    """See docs/pddl.md."""

    formalism = Formalism.PDDL

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
        """Parse, lint, solve and certify. Raises only Cancelled and InfrastructureError."""
        started = time.monotonic()
        mended: Formalization | None = None
        loaded = load(formalization, problem)
        notes: tuple[Diagnostic, ...] = ()
        if loaded.task is None:
            again = self.mend(formalization.text)
            if again.text != formalization.text:
                mended = formalization.model_copy(update={"text": again.text})
                loaded, notes = load(mended, problem), again.notes
        task = loaded.task
        diagnostics = [*notes, *loaded.diagnostics]
        if task is None:
            return CheckResult(
                diagnostics=tuple(diagnostics), timings={"parse": time.monotonic() - started}, formalization=mended
            )
        words = _words(problem, formalization)
        diagnostics += lint_task(task, words)
        run.emit("linted", {"diagnostics": len(diagnostics)})
        parsed = time.monotonic()
        wants_best = problem.options.optimal
        if wants_best is None and words is not None and _ASKS_BEST.search(words):
            wants_best = True
        asked = Asked(task, loaded.domain_text, loaded.problem_text)
        found = search(asked, wants_best, problem.options.engines, run)
        diagnostics += found.diagnostics
        timings = {
            "parse": parsed - started,
            "solve": time.monotonic() - parsed - found.certify_seconds,
            "certify": found.certify_seconds,
            "engine": sum(o.seconds for o in found.outcomes),
        }
        outcome = _Report(task, formalization, found, bool(wants_best)).result(tuple(diagnostics))
        return outcome.model_copy(update={"timings": timings, "formalization": mended})

    def lint(self, formalization: Formalization, problem: Problem) -> tuple[Diagnostic, ...]:
        """Every fault and doubt found without an engine."""
        loaded = load(formalization, problem)
        if loaded.task is None:
            return tuple(loaded.diagnostics)
        words = _words(problem, formalization)
        return (*loaded.diagnostics, *lint_task(loaded.task, words))

    def mend(self, text: str) -> Mended:
        """Take away fences and prose, put parentheses right where the next keyword shows that they are wrong."""
        return mend(text)

    def read_back(self, formalization: Formalization, problem: Problem) -> str:
        """Objects, initial facts and goal in words; empty if the text does not load."""
        loaded = load(formalization, problem)
        return read_back(loaded.task) if loaded.task else ""

    def equivalent(self, a: Formalization, b: Formalization, problem: Problem, run: Run) -> Equivalence:
        """Whether two texts state the same problem up to names that the words do not use."""
        left, right = load(a, problem), load(b, problem)
        if left.task is None or right.task is None:
            both = a.text == b.text
            return Equivalence(equivalent=both or None, level="identical" if both else "", difference="does not load")
        words = (_words(problem, a) and _words(problem, b)) or ""
        found = equivalent(left.task, right.task, words)
        if found.equivalent is True or set(left.task.objects) != set(right.task.objects):
            return found
        shared = cross_validate(
            Asked(left.task, left.domain_text, left.problem_text),
            Asked(right.task, right.domain_text, right.problem_text),
            run,
        )
        if shared is None:
            return found
        note = "each one's plan also solves the other" if shared else "one's plan does not solve the other"
        difference = f"{found.difference}; {note}" if found.difference else note
        return found.model_copy(update={"difference": difference, "data": {**found.data, "plans_exchange": shared}})

    def schema(self) -> JsonDict | None:
        """PDDL is not JSON."""
        return None

    def engines(self) -> tuple[EngineInfo, ...]:
        """The planners and whether they are here."""
        return engine_infos()


def _words(problem: Problem, formalization: Formalization) -> str | None:
    """What the person said in words; None where they gave PDDL and nothing else."""
    return None if problem.text in {formalization.text, FORMAL_ONLY} else problem.text


@dataclass(frozen=True, slots=True)
class _Report:
    """From what was found to what is claimed."""

    task: Task
    formalization: Formalization
    found: Search
    wants_best: bool

    def result(self, diagnostics: tuple[Diagnostic, ...]) -> CheckResult:
        if self.found.plan is not None:
            return self._plan(diagnostics)
        if self.found.unsolvable_by or self.found.judgement.how != "unknown":
            return self._unsolvable(diagnostics)
        return self._gave_up(diagnostics)

    # --- a plan ---------------------------------------------------------------------------------------------------
    def _plan(self, diagnostics: tuple[Diagnostic, ...]) -> CheckResult:
        found, replay = self.found, self.found.replay
        assert found.plan is not None
        assert replay is not None
        assert replay.cost is not None
        best, by = self._optimality(replay.cost)
        cost = _number(replay.cost)
        bound = found.judgement.lower_bound
        data: JsonDict = {
            "plan": [*show_plan(found.plan)],
            "cost": cost,
            "metric": replay.metric,
            "optimal": best is not Assurance.NONE,
            "optimal_assurance": best.value,
            "lower_bound": _number(bound) if bound is not None else None,
        }
        if replay.makespan is not None:
            data["makespan"] = _number(replay.makespan)
        valid = Claim(
            name="plan_valid",
            words=f"every step can be done and the goal holds at the end; {replay.metric}: {decimal(replay.cost)}",
            assurance=Assurance.CERTIFICATE,
            engines=(found.engine,),
            checker=CHECKER + (" and unified-planning's validator" if found.second_opinion else ""),
        )
        claims = [valid]
        words = plan_words(self.task, found.plan, replay)
        if best is Assurance.NONE:
            low = f", at least {decimal(bound)}" if bound is not None else ""
            words += f"\nThis plan is valid; {replay.metric} at most {decimal(replay.cost)}{low}, not proved optimal."
        else:
            claims.append(self._claim_optimal(replay.cost, replay.metric, best, by))
            words += f"\nNo plan does better ({_SAID[best]}: {', '.join(by)})."
        extra: tuple[Diagnostic, ...] = ()
        assurance = Assurance.CERTIFICATE
        if self.wants_best and not best.at_least(Assurance.CROSS_CHECKED):
            assurance = best
            message = (
                f"that {decimal(replay.cost)} is the least possible is only {by[0]}'s word"
                if best is Assurance.ENGINE
                else f"the plan is valid, but that {decimal(replay.cost)} is the least possible was not proved"
            )
            hint = "more time may help; with optimal=false the plan itself is what is verified"
            extra = (codes.NOT_OPTIMAL.warning(message, hint=hint),)
        engine = found.engine if not by else " + ".join(dict.fromkeys([found.engine, *by]))
        return CheckResult(
            verdict=Verdict(conclusion=Conclusion.PLAN, engine=engine, seconds=sum(o.seconds for o in found.outcomes)),
            certificate=Certificate(
                kind="plan",
                payload={"plan": [*show_plan(found.plan)], "cost": cost, "metric": replay.metric},
                checker=CHECKER,
                accepted=True,
                engine=found.engine,
                formal_digest=self.formalization.digest,
                seconds=found.certify_seconds,
            ),
            assurance=assurance,
            claims=tuple(claims),
            diagnostics=(*diagnostics, *extra),
            words=words,
            data=data,
        )

    def _optimality(self, cost: Fraction) -> tuple[Assurance, list[str]]:
        """How well it is known that no plan is cheaper, and who says so."""
        if (
            any(d.code == codes.DISAGREE.name for d in self.found.diagnostics)
            and self.found.second_opinion is not False
        ):
            return Assurance.NONE, []
        by = [o.engine for o in self.found.proved_by]
        families = {o.family for o in self.found.proved_by}
        own = self.found.judgement.lower_bound
        if own is not None and own >= cost:
            return Assurance.CROSS_CHECKED, [*by, "quod's own lower bound"]
        if len(families) > 1:
            return Assurance.CROSS_CHECKED, by
        return (Assurance.ENGINE, by) if by else (Assurance.NONE, [])

    def _claim_optimal(self, cost: Fraction, metric: str, best: Assurance, by: list[str]) -> Claim:
        own = "quod's own lower bound" in by
        return Claim(
            name="plan_optimal",
            words=f"no plan has a lower {metric} than {decimal(cost)}",
            assurance=best,
            engines=tuple(n for n in by if n != "quod's own lower bound"),
            checker="quod.backends.pddl.lower" if own else "",
        )

    # --- no plan --------------------------------------------------------------------------------------------------
    def _unsolvable(self, diagnostics: tuple[Diagnostic, ...]) -> CheckResult:
        judged = self.found.judgement
        by = [o.engine for o in self.found.unsolvable_by]
        families = {o.family for o in self.found.unsolvable_by}
        why, certificate, proved = explain_unsolvable(self.task, judged, self.formalization.digest)
        if certificate is not None and certificate.accepted:
            assurance = Assurance.CERTIFICATE
        elif (proved and by) or len(families) > 1:
            assurance = Assurance.CROSS_CHECKED
        else:
            assurance = Assurance.ENGINE if by or proved else Assurance.NONE
        if proved:
            by.append("quod's own search")
        words = f"There is no plan. {why}" if why else "There is no plan."
        claim = Claim(name="unsolvable", words=words, assurance=assurance, engines=tuple(by))
        note = codes.UNSOLVABLE.info(why or f"only {' and '.join(by)} says so; no reason could be worked out in time")
        return CheckResult(
            verdict=Verdict(
                conclusion=Conclusion.UNSOLVABLE,
                engine=" + ".join(by),
                seconds=sum(o.seconds for o in self.found.outcomes) + judged.seconds,
            ),
            certificate=certificate,
            assurance=assurance,
            claims=(claim,),
            diagnostics=(*diagnostics, note),
            words=words,
            data={"plan": None, "unsolvable": True, "how": judged.how, "why": why},
        )

    def _gave_up(self, diagnostics: tuple[Diagnostic, ...]) -> CheckResult:
        outcomes = [o for o in self.found.outcomes if o.found is not Found.UNSOLVABLE]
        if not outcomes:
            reason = GaveUp.UNSUPPORTED if not has_errors(diagnostics) else GaveUp.CRASHED
            verdict = Verdict.giving_up(reason, detail="no engine at hand could be asked")
        else:
            reasons = [o.gave_up for o in outcomes if o.gave_up is not None]
            order = [GaveUp.TIMEOUT, GaveUp.MEMORY, GaveUp.INCOMPLETE, GaveUp.UNSUPPORTED, GaveUp.CRASHED]
            reason = next((r for r in order if r in reasons), GaveUp.INCOMPLETE)
            detail = "; ".join(f"{o.engine}: {o.detail or o.gave_up}" for o in outcomes)
            names = " + ".join(dict.fromkeys(o.engine for o in outcomes))
            verdict = Verdict.giving_up(reason, engine=names, seconds=sum(o.seconds for o in outcomes), detail=detail)
        words = "No plan was found within the limits, and it is not known whether there is one."
        data: dict[str, JsonValue] = {"plan": None, "optimal": False}
        return CheckResult(verdict=verdict, diagnostics=diagnostics, words=words, data=data)


_SAID = {
    Assurance.CROSS_CHECKED: "cross-checked",
    Assurance.ENGINE: "one engine's word",
    Assurance.CERTIFICATE: "certificate",
    Assurance.KERNEL: "kernel",
}


def _number(value: Fraction) -> JsonValue:
    """An integer where it is one, else the nearest float; the exact value is in the words."""
    return value.numerator if value.denominator == 1 else float(value)
