"""Optimization word problems: NL4Opt, MAMO, OptiBench, OptMATH, IndustryOR, ComplexOR.

Labels of these sets are often wrong; nothing here repairs one. Rows known to be bad stand in the benchmark's
sidecar (:mod:`quod.evals.sidecar`), and every score is given with and without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quod.core.answer import Answer
from quod.core.assurance import Assurance
from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem, make_problem
from quod.core.run import Run
from quod.core.verdict import Conclusion
from quod.evals.benchmark import Case, Grade, Row, Setting
from quod.evals.benchmarks.nl4opt_rows import canonical_of, declaration_score
from quod.evals.data import Raw, find_split, read_rows, read_text, require, unique
from quod.evals.grading import NamedNumbersGrade, NumberGrade, number, objective_of, said, tolerance_of
from quod.repair import check

__all__ = ["COMPLEXOR", "INDUSTRYOR", "MAMO", "NL4OPT", "OPTIBENCH", "OPTMATH"]

_STATUS = {
    "Optimal": "optimal",
    "Infeasible": "infeasible",
    "Unbounded": "unbounded",
    # three rows of dev say so for the integer program; their relaxation is unbounded and they have integer points
    "Primal infeasible or unbounded": "unbounded",
}


@dataclass(frozen=True)
class Nl4optGrade:
    """Against the optimum of the relaxation the answer's own variables call for; declarations besides."""

    lp: NumberGrade
    ip: NumberGrade
    canonical: str
    """The gold rows as JSON text, or empty."""

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        integer = is_integer(answer)
        grade = (self.ip if integer else self.lp)(answer)
        score = declaration_score(answer, json.loads(self.canonical)) if self.canonical else None
        scores = {} if score is None else {"declarations": score}
        return Grade(grade.right, f"{grade.expected} ({'integer' if integer else 'continuous'})", grade.got, scores)


@dataclass(frozen=True)
class SolvedGrade:
    """Against what the gold declarations solve to, at assurance ``certificate``; for files without optima."""

    problem: Problem
    gold: Formalization
    canonical: str

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        relax = not is_integer(answer)
        options = self.problem.options.model_copy(update={"relax": relax})
        problem = self.problem.model_copy(update={"options": options})
        known = check(self.gold, problem, Run(budget=problem.budget))
        if not known.assurance.at_least(Assurance.CERTIFICATE) or known.conclusion is None:
            return Grade(None, "(the gold could not be certified)", said(answer))
        value = objective_of(known)
        grade = NumberGrade(() if value is None else (value,), status=str(known.conclusion))
        return Nl4optGrade(grade, grade, self.canonical)(answer)


@dataclass(frozen=True)
class CertifiedGrade:
    """Gold runs of files without optima: right if a conclusion was certified."""

    def __call__(self, answer: Answer) -> Grade:
        """Grade one answer."""
        certified = answer.assurance.at_least(Assurance.CERTIFICATE)
        return Grade(True if certified else None, "a certified conclusion", said(answer))


def is_integer(answer: Answer) -> bool:
    """Whether the answer's model has integer variables. An answer without a readable model counts as one with."""
    if answer.formalization is None:
        return True
    try:
        model = json.loads(answer.formalization.text)
        domains = [v if isinstance(v, str) else v.get("domain", "continuous") for v in model["variables"].values()]
    except (ValueError, KeyError, AttributeError, TypeError):
        return True
    return any(domain in {"integer", "binary"} for domain in domains)


@dataclass(frozen=True)
class _Nl4opt:
    """Texts with declarations (dev) or with optimal values published elsewhere (some of train)."""

    name: str = "nl4opt"
    summary: str = "short linear problems, with declarations"
    formalism: Formalism = Formalism.MILP
    translators: tuple[str, ...] = ("controlled", "gold", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for place, raw in read_rows(find_split(path, setting.split)):
            row = self._normalised(raw)
            require(place, row, "id", "text")
            name = unique(seen, str(row["id"]), place)
            if setting.translator == "gold":
                if not row.get("canonical"):
                    raise InputError(
                        f"{place}: has no gold", hint="use the split with declarations, or --translator controlled"
                    )
                yield Row(id=name, cases=self._gold(row, setting), category=_category(row))
            else:
                yield Row(id=name, cases=(self._case(row, setting),), category=_category(row))

    def _normalised(self, raw: Raw) -> Raw:
        """The authors' lines are ``{"<id>": {"document": …, "obj_declaration": …}}``."""
        if len(raw) == 1:
            ((key, inner),) = raw.items()
            if isinstance(inner, dict) and "document" in inner:
                return {**canonical_of(inner), "id": key, "text": inner["document"], "gold": inner}
        return raw

    def _gold(self, row: Raw, setting: Setting) -> tuple[Case, ...]:
        from quod.evals.gold.milp import nl4opt_formalization

        cases = []
        for relax, key in ((True, "lp"), (False, "ip")):
            options = setting.options.model_copy(update={"relax": relax})
            problem = make_problem(text=row["text"], formalism=self.formalism, options=options)
            grade = _optimum(row, key, 1e-9) if row.get("optimum") else CertifiedGrade()
            cases.append(Case(problem, grade, nl4opt_formalization(row)))
        return tuple(cases)

    def _case(self, row: Raw, setting: Setting) -> Case:
        problem = make_problem(text=row["text"], formalism=self.formalism, options=setting.options)
        rows = json.dumps(row["canonical"]) if row.get("canonical") else ""
        if row.get("optimum"):
            return Case(problem, Nl4optGrade(_optimum(row, "lp"), _optimum(row, "ip"), rows))
        if rows:
            from quod.evals.gold.milp import nl4opt_formalization

            return Case(problem, SolvedGrade(problem, nl4opt_formalization(row), rows))
        if values := row.get("public_answers"):
            accepted = tuple(dict.fromkeys(float(v) for v in values.values()))
            return Case(problem, NumberGrade(accepted, absolute=max(tolerance_of(str(v)) for v in values.values())))
        return Case(problem, Unlabelled())


def _optimum(row: Raw, key: str, relative: float = 1e-6) -> NumberGrade:
    status = _STATUS[row["status"][key]]
    value = row["optimum"][key]
    return NumberGrade(() if value is None else (float(value),), relative, status=status)


def _category(row: Raw) -> str:
    if row.get("status"):
        return _STATUS[row["status"]["ip"]]
    return "public answers" if row.get("public_answers") else "unlabelled"


@dataclass(frozen=True)
class Unlabelled:
    """A row without a label: whatever is answered, nothing can be said about it."""

    def __call__(self, answer: Answer) -> Grade:
        """Abstained, always, with what was answered."""
        answered = answer.conclusion in {Conclusion.OPTIMAL, Conclusion.INFEASIBLE, Conclusion.UNBOUNDED}
        return Grade(None, "(no label)", NumberGrade(())(answer).got, unlabelled=answered)


@dataclass(frozen=True)
class _Valued:
    """A text and the value of its optimum."""

    name: str
    summary: str
    text_names: tuple[str, ...] = ("text", "Question", "en_question", "question", "description")
    value_names: tuple[str, ...] = ("answer", "Answer", "en_answer", "objective")
    category_names: tuple[str, ...] = ("type", "Category", "difficulty")
    formalism: Formalism = Formalism.MILP
    translators: tuple[str, ...] = ("controlled", "llm")
    generated: bool = False
    relative: float = 1e-6

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for number_, (place, raw) in enumerate(self._read(path, setting), start=1):
            text_name = next((n for n in self.text_names if raw.get(n)), None)
            value_name = next((n for n in self.value_names if raw.get(n) is not None), None)
            if text_name is None:
                require(place, raw, self.text_names[0])
            if value_name is None:
                require(place, raw, self.value_names[0])
            assert text_name is not None
            assert value_name is not None
            name = unique(seen, str(raw.get("id", f"{self.name}-{number_}")), place)
            category = next((str(raw[n]) for n in self.category_names if raw.get(n)), "")
            problem = make_problem(text=str(raw[text_name]), formalism=self.formalism, options=setting.options)
            yield Row(id=name, cases=(Case(problem, self._grade(place, raw[value_name], raw)),), category=category)

    def _read(self, path: Path, setting: Setting) -> Iterator[tuple[str, Raw]]:
        yield from read_rows(find_split(path, setting.split))

    def _grade(self, place: str, label: Any, raw: Raw) -> NumberGrade | NamedNumbersGrade:
        words = str(label).strip()
        if any(w in words.lower() for w in ("no best solution", "infeasible", "no feasible")):
            return NumberGrade((), status="infeasible")
        if "unbounded" in words.lower():
            return NumberGrade((), status="unbounded")
        value = number(words)
        if value is None:
            raise InputError(f"{place}: the label {label!r} is not a number")
        others = raw.get("alt_answers") or {}
        extra = [float(v) for v in (others.values() if isinstance(others, dict) else others) if number(v) is not None]
        return NumberGrade(tuple(dict.fromkeys([value, *extra])), self.relative, tolerance_of(words))


@dataclass(frozen=True)
class _OptiBench(_Valued):
    """All named numbers count."""

    value_names: tuple[str, ...] = ("answer", "results")

    def _grade(self, place: str, label: Any, raw: Raw) -> NumberGrade | NamedNumbersGrade:  # noqa: ARG002
        if not isinstance(label, dict) or not label:
            raise InputError(f"{place}: expected named numbers, found {label!r}")
        bad = [name for name, value in label.items() if number(value) is None]
        if bad:
            raise InputError(f"{place}: '{bad[0]}' is {label[bad[0]]!r}, not a number")
        return NamedNumbersGrade(tuple((str(n), str(v)) for n, v in label.items()))


@dataclass(frozen=True)
class _ComplexOr(_Valued):
    """A folder a problem: ``description.txt`` and ``sample.json`` (input and output), as Chain-of-Experts has it."""

    def _read(self, path: Path, setting: Setting) -> Iterator[tuple[str, Raw]]:
        folders = sorted(p.parent for p in path.rglob("description.txt")) if path.is_dir() else []
        if not folders:
            yield from super()._read(path, setting)
            return
        for folder in folders:
            samples = next((folder / n for n in ("sample.json", "samples.json") if (folder / n).exists()), None)
            if samples is None:
                raise InputError(f"'{folder}' has a description but no sample.json")
            description = read_text(folder / "description.txt")
            for number_, (place, sample) in enumerate(read_rows(samples), start=1):
                require(place, sample, "input", "output")
                output = sample["output"]
                value = output[0] if isinstance(output, list) and output else output
                data = json.dumps(sample["input"], indent=1)
                name = folder.name if number_ == 1 else f"{folder.name}-{number_}"
                yield place, {"id": name, "text": f"{description}\n\nData:\n{data}", "answer": value}


NL4OPT = _Nl4opt()
MAMO = _Valued("mamo", "linear problems, easy and complex (half of the complex labels are disputed)")
OPTIBENCH = _OptiBench("optibench", "linear and nonlinear, with and without tables; all named numbers count")
OPTMATH = _Valued("optmath", "long optimization problems of many kinds")
INDUSTRYOR = _Valued("industryor", "operations research of industry (loader)", translators=("llm", "controlled"))
COMPLEXOR = _ComplexOr("complexor", "operations research with tables (loader)", translators=("llm", "controlled"))
