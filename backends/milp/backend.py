"""The milp backend: formal text to checked answer."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import cast

from quod.backends.milp import codes
from quod.backends.milp.driving import chosen_solver, solve_with_pyomo
from quod.backends.milp.ground import Ground, ground
from quod.backends.milp.linear import as_json
from quod.backends.milp.lints import lint_ground
from quod.backends.milp.model import parse_model
from quod.backends.milp.outline import outline
from quod.backends.milp.printing import algebra
from quod.backends.milp.reading import read_json
from quod.backends.milp.report import conclude
from quod.backends.milp.schema import SCHEMA
from quod.backends.milp.solving import Outcome, solve_linear, version
from quod.backends.milp.trees import second_opinion, settle_for_any, solve_trees
from quod.core.assurance import Assurance, Certificate
from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.outline import Element
from quod.core.problem import Problem
from quod.core.protocols import CheckResult, EngineInfo, Equivalence, Mended
from quod.core.run import Run
from quod.core.verdict import Conclusion

__all__ = ["MilpBackend"]

CHECKER = "quod.backends.milp.checker"


class MilpBackend:
    """Optimization: linear, integer, nonlinear and constraint programs."""

    formalism = Formalism.MILP

    def check(self, formalization: Formalization, problem: Problem, run: Run) -> CheckResult:
        """Parse, lint, solve and certify."""
        started = time.monotonic()
        run.cancel.check()
        grounded, found = self._read(formalization, problem)
        parsed = time.monotonic() - started
        if grounded is None:
            return CheckResult(diagnostics=tuple(found), timings={"parse": parsed})
        found += lint_ground(grounded, problem)
        if has_errors(found):
            return CheckResult(diagnostics=tuple(found), timings={"parse": parsed})
        run.emit("solving", {"engine": "HiGHS" if grounded.linear else "portfolio"})
        program = grounded.program.relaxed() if problem.options.relax else grounded.program
        grounded = replace(grounded, program=program)
        if self._only(problem, "pyomo"):
            outcome = solve_with_pyomo(grounded, run, problem)
        elif grounded.linear and not self._only(problem, "ortools", "scip"):
            outcome = solve_linear(program, run, problem.options.gap)
            if outcome.verdict.conclusion in {Conclusion.OPTIMAL, Conclusion.INFEASIBLE} and not outcome.accepted:
                second_opinion(grounded, outcome, run, problem)
        else:
            outcome = solve_trees(grounded, run, problem)
            if outcome.verdict.conclusion is Conclusion.GAVE_UP and not problem.options.engines and chosen_solver():
                outcome = solve_with_pyomo(grounded, run, problem)
        begun = time.monotonic()
        if grounded.model.objective is None:
            settle_for_any(grounded, outcome)
        conclusion = conclude(grounded, outcome, run)
        doubt, question = self._other_readings(grounded, outcome, problem, run)
        found += doubt
        if outcome.contrary and outcome.accepted:
            found.append(codes.ENGINES_DISAGREE.warning(outcome.contrary, hint="the proof was checked: it decides"))
        certificate = self._certificate(outcome, formalization)
        timings = {"parse": parsed, **outcome.timings}
        timings["certify"] = timings.get("certify", 0.0) + time.monotonic() - begun
        return CheckResult(
            verdict=outcome.verdict,
            certificate=certificate,
            assurance=outcome.assurance if outcome.verdict.conclusion is not Conclusion.GAVE_UP else Assurance.NONE,
            claims=conclusion.claims,
            diagnostics=(*found, *conclusion.diagnostics),
            words=conclusion.words,
            data=conclusion.data,
            question=question,
            suffices=grounded.model.objective is None,
            timings=timings,
        )

    def _other_readings(
        self, grounded: Ground, outcome: Outcome, problem: Problem, run: Run
    ) -> tuple[list[Diagnostic], str | None]:
        """Constraints with a second reading: is the answer the same under it?"""
        doubtful = [k for k, c in enumerate(grounded.model.constraints) if c.other is not None]
        for k in doubtful[:4]:
            constraint = grounded.model.constraints[k]
            assert constraint.other is not None
            changed = replace(constraint, rule=constraint.other, other=None)
            constraints = (*grounded.model.constraints[:k], changed, *grounded.model.constraints[k + 1 :])
            second, found = ground(replace(grounded.model, constraints=constraints), problem)
            if second is None:
                if all(d.code == codes.STRICT.name for d in found):
                    continue  # over continuous quantities "more than" and "at least" have the same best value
                return found, None
            if problem.options.relax:
                continue
            other = solve_linear(second.program, run, None) if second.linear else solve_trees(second, run, problem)
            same = other.verdict.conclusion is outcome.verdict.conclusion and other.value == outcome.value
            if not same:
                words = constraint.words or constraint.name
                message = f"“{words}” can be read in two ways, with different answers"
                value = "no plan" if other.value is None else str(as_json(other.value))
                hint = f"under the other reading the answer is {value}"
                question = _question(grounded, k)
                return [codes.TWO_READINGS.warning(message, source=words, hint=hint)], question
        return [], None

    def _only(self, problem: Problem, *engines: str) -> bool:
        chosen = problem.options.engines
        return bool(chosen) and set(chosen or ()) <= set(engines)

    def _certificate(self, outcome: Outcome, formalization: Formalization) -> Certificate | None:
        evidence = outcome.evidence
        if evidence is None:
            return None
        kinds = (("tree", "branch-and-bound"), ("y", "lp-dual"), ("farkas", "farkas"), ("ray", "unbounded-ray"))
        kind = next((name for key, name in kinds if key in evidence), "point")
        return Certificate(
            kind=kind,
            payload=evidence,
            checker=CHECKER if kind != "point" or outcome.accepted else "quod.backends.milp.evaluate",
            # of a point no more is claimed than that it meets the model; whether any beats it, the assurance says
            accepted=outcome.accepted or (kind == "point" and outcome.exact_point),
            engine=outcome.verdict.engine,
            formal_digest=formalization.digest,
        )

    def _read(self, formalization: Formalization, problem: Problem) -> tuple[Ground | None, list[Diagnostic]]:
        if formalization.language in {"lp", "mps"} or _looks_like_lp(formalization.text):
            from quod.backends.milp.formats import read_lp_or_mps

            text, found = read_lp_or_mps(formalization.text)
            if text is None:
                return None, found
            model, found = parse_model(text)
        else:
            model, found = parse_model(formalization.text)
        if model is None:
            return None, found
        return ground(model, problem)

    def lint(self, formalization: Formalization, problem: Problem) -> tuple[Diagnostic, ...]:
        """Everything that can be found without solving."""
        grounded, found = self._read(formalization, problem)
        if grounded is not None:
            found += lint_ground(grounded, problem)
        return tuple(found)

    def mend(self, text: str) -> Mended:
        """Take the JSON object out of fences and prose; drop trailing commas and comments."""
        from quod.backends.milp.mending import mend

        return mend(text)

    def read_back(self, formalization: Formalization, problem: Problem) -> str:  # noqa: ARG002
        """The model as algebra, one statement a line."""
        model, found = parse_model(formalization.text)
        return algebra(model) if model is not None else "\n".join(map(str, found))

    def outline(self, formalization: Formalization) -> tuple[Element, ...]:
        """The elements of the model."""
        return outline(formalization.text)

    def equivalent(self, a: Formalization, b: Formalization, problem: Problem, run: Run) -> Equivalence:
        """Levels, strongest first: identical, isomorphic, mutual, perturbed."""
        from quod.backends.milp.equivalence import compare

        first, found_a = self._read(a, problem)
        second, found_b = self._read(b, problem)
        if first is None or second is None:
            message = str((found_a or found_b)[0])
            return Equivalence(equivalent=None, difference=f"one of them cannot be read: {message}")
        return compare(first, second, run)

    def export(self, formalization: Formalization, problem: Problem, language: str) -> tuple[str, list[Diagnostic]]:
        """The model with its data as an ``lp`` or ``mps`` file, for other solvers; linear models only."""
        from quod.backends.milp.formats import WRITERS

        grounded, found = self._read(formalization, problem)
        if grounded is None:
            return "", found
        if not grounded.linear or language not in WRITERS:
            message = f"a model that is not linear cannot be written as {language.upper()}"
            if language not in WRITERS:
                message = f"{language!r} is not a format that models are written in"
            return "", [codes.UNSUPPORTED.error(message, hint=f"formats: {', '.join(WRITERS)}")]
        return WRITERS[language](grounded), found

    def schema(self) -> JsonDict | None:
        """JSON Schema of models."""
        return cast("JsonDict", SCHEMA)

    def engines(self) -> tuple[EngineInfo, ...]:
        """HiGHS, OR-Tools, SCIP, and Pyomo for export and for users' own solvers."""
        solver = chosen_solver()
        drives = "export; drives the solver that QUOD_PYOMO_SOLVER names: pip install 'quod[pyomo]'"
        if solver is not None:
            where = f"{solver.program}, which is missing" if solver.missing else solver.program or "found by Pyomo"
            drives = f"export; drives {solver.name} ({where})"
        rows: tuple[tuple[str, str, str, bool, str], ...] = (
            ("HiGHS", "highspy", "MIT", False, "linear and mixed-integer programs"),
            ("OR-Tools", "ortools", "Apache-2.0", False, "CP-SAT for constraint programs, second opinions"),
            ("SCIP", "pyscipopt", "Apache-2.0", False, "nonlinear programs, second opinions"),
            ("Pyomo", "pyomo", "BSD-3-Clause", True, drives),
        )
        return tuple(
            EngineInfo(name=name, version=version(package), licence=licence, optional=optional, note=note)
            for name, package, licence, optional, note in rows
        )


def _question(grounded: Ground, k: int) -> str:
    """What to ask the person about a constraint with two readings."""
    constraint = grounded.model.constraints[k]
    raw = read_json(grounded.model.text)[0]
    rules = raw["constraints"][k] if isinstance(raw, dict) else {}  # type: ignore[index]
    first, second = (rules.get("rule", ""), rules.get("or", "")) if isinstance(rules, dict) else ("", "")
    words = constraint.words or constraint.name
    return f"“{words}”: is {first} meant, or {second}?"


_LP_START = re.compile(r"\s*(?:\\[^\n]*\n\s*)*(?:max(?:imi[sz]e)?|min(?:imi[sz]e)?|NAME)\b", re.IGNORECASE)


def _looks_like_lp(text: str) -> bool:
    return not text.lstrip().startswith("{") and bool(_LP_START.match(text))
