"""LLM+P and PlanBench: language and PDDL; a plan is right if an independent validator accepts it.

The words put to quod are the problem's, with the domain as context (``domain.pddl``): that is what a person who
has a domain would do, and what LLM+P did. Optimality is scored besides, against the proved optimal cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, ContextItem, make_problem
from quod.evals.benchmark import Case, Row, Setting
from quod.evals.data import Raw, find_split, read_rows, read_text, require, unique
from quod.evals.grading import PlanGrade

__all__ = ["LLMP", "PLANBENCH"]


@dataclass(frozen=True)
class _Llmp:
    """Rows of ``problems.jsonl``, or the authors' tree ``domains/<domain>/{domain.pddl, p01.nl, p01.pddl, …}``."""

    name: str = "llmp"
    summary: str = "LLM+P: planning problems in words, with PDDL and optimal costs"
    formalism: Formalism = Formalism.PDDL
    translators: tuple[str, ...] = ("gold", "controlled", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for place, raw in _llmp_rows(path, setting.split):
            require(place, raw, "id", "domain_pddl", "problem_nl", "problem_pddl")
            row = {**raw, **{k.removesuffix("_fixed"): v for k, v in raw.items() if k.endswith("_fixed") and v}}
            domain = ContextItem(name="domain.pddl", content=row["domain_pddl"])
            problem = make_problem(
                text=row["problem_nl"], formalism=self.formalism, context=(domain,), options=setting.options
            )
            gold = None
            if setting.translator == "gold":
                gold = Formalization(formalism=self.formalism, language="pddl", text=row["problem_pddl"])
            grade = PlanGrade(row.get("optimal_cost"), row.get("best_known_cost"))
            name = unique(seen, str(row["id"]), place)
            yield Row(id=name, cases=(Case(problem, grade, gold),), category=name.rpartition("/")[0])


def _llmp_rows(path: Path, split: str | None) -> Iterator[tuple[str, Raw]]:
    """All domains under a folder, or one file. ``--split`` names a domain."""
    if not path.is_dir():
        yield from read_rows(find_split(path, None))
        return
    files = sorted(path.rglob("problems.jsonl"))
    trees = sorted(p.parent for p in path.rglob("domain.pddl"))
    folders = [f.parent for f in files] or trees
    chosen = [f for f in folders if split in {None, f.name}]
    if not chosen:
        there = ", ".join(f.name for f in folders) or "neither problems.jsonl nor domain.pddl"
        raise InputError(f"'{path}' has no domain '{split}'", code="input.wrong_split", hint=f"it has {there}")
    for folder in chosen:
        if (folder / "problems.jsonl").exists():
            yield from read_rows(folder / "problems.jsonl")
            continue
        domain = read_text(folder / "domain.pddl")
        for words in sorted(folder.glob("p*.nl")):
            formal = words.with_suffix(".pddl")
            if not formal.exists():
                raise InputError(f"'{words}' has no '{formal.name}' beside it")
            yield (
                str(words),
                {
                    "id": f"{folder.name}/{words.stem}",
                    "domain_pddl": domain,
                    "problem_nl": read_text(words),
                    "problem_pddl": read_text(formal),
                },
            )


@dataclass(frozen=True)
class _PlanBench:
    """PlanBench's tree: ``generated_domain.pddl`` or ``domain.pddl`` and ``instance-N.pddl`` below it."""

    name: str = "planbench"
    summary: str = "PlanBench: PDDL instances (loader)"
    formalism: Formalism = Formalism.PDDL
    translators: tuple[str, ...] = ("gold",)
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        if not path.is_dir():
            raise InputError(f"'{path}' is not a folder of PDDL instances")
        instances = sorted(path.rglob("instance-*.pddl"), key=lambda p: (p.parent.as_posix(), _number(p)))
        chosen = [p for p in instances if setting.split is None or setting.split in p.relative_to(path).parts]
        if not chosen:
            what = f"no instances of '{setting.split}'" if setting.split else "no instance-*.pddl"
            raise InputError(f"'{path}' has {what}", code="input.wrong_split")
        for instance in chosen:
            domain = ContextItem(name="domain.pddl", content=read_text(_domain_of(instance, path)))
            problem = make_problem(
                text=FORMAL_ONLY, formalism=self.formalism, context=(domain,), options=setting.options
            )
            gold = Formalization(formalism=self.formalism, language="pddl", text=read_text(instance))
            name = instance.relative_to(path).with_suffix("").as_posix()
            yield Row(id=name, cases=(Case(problem, PlanGrade(), gold),), category=instance.parent.name)


def _number(path: Path) -> int:
    digits = path.stem.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0


def _domain_of(instance: Path, root: Path) -> Path:
    """The nearest domain above an instance."""
    folder = instance.parent
    while True:
        for name in ("generated_domain.pddl", "domain.pddl"):
            if (folder / name).exists():
                return folder / name
        if folder == root:
            raise InputError(f"'{instance}' has no domain.pddl above it")
        folder = folder.parent


LLMP = _Llmp()
PLANBENCH = _PlanBench()
