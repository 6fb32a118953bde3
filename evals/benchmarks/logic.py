"""FOLIO, ProofWriter, PrOntoQA and LogicalDeduction: does the conclusion follow?

The text put to quod is the benchmark's own premises and question, joined as its authors print them; nothing of
the gold goes into it. ProofWriter's labels mean forward chaining with explicit negation (its authors' reading),
so its rows set ``semantics=closure``; the others are read classically.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quod.core.answer import Answer
from quod.core.formalism import Formalism
from quod.core.problem import Options, Semantics, make_problem
from quod.core.verdict import Conclusion
from quod.evals.benchmark import Case, Grade, Row, Setting, json_lines

__all__ = ["FOLIO", "LOGICAL_DEDUCTION", "PRONTOQA", "PROOFWRITER"]

_LABELS = {
    Conclusion.PROVED: "True",
    Conclusion.DISPROVED: "False",
    Conclusion.UNDETERMINED: "Unknown",
    Conclusion.INCONSISTENT: "inconsistent",
}


@dataclass(frozen=True)
class _LabelGrade:
    """Right if the conclusion reads as the row's label."""

    label: str

    def __call__(self, answer: Answer) -> Grade:
        got = _LABELS.get(answer.conclusion) if answer.conclusion else None
        if got is None:
            return Grade(None, self.label, str(answer.conclusion or answer.status))
        return Grade(got == self.label, self.label, got)


@dataclass(frozen=True)
class _OptionGrade:
    """Right if exactly the row's option is answered."""

    label: str

    def __call__(self, answer: Answer) -> Grade:
        got = answer.data.get("option")
        if not isinstance(got, str):
            return Grade(None, self.label, str(answer.conclusion or answer.status))
        return Grade(got == self.label, self.label, got)


@dataclass(frozen=True)
class _Entailment:
    """A set of premises and a statement, labelled True, False or Unknown."""

    name: str
    semantics: Semantics | None = None
    formalism: Formalism = Formalism.FOL
    translators: tuple[str, ...] = ("controlled", "llm")

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        for raw in json_lines(path, "id", "premises", "question", "answer"):
            options = setting.options.model_copy(update={"semantics": self.semantics})
            yield Row(id=raw["id"], cases=(self._case(raw, setting, options),), category=str(raw["answer"]))

    def _case(self, raw: dict[str, Any], setting: Setting, options: Options) -> Case:
        premises = raw["premises"]
        text = " ".join(premises) if isinstance(premises, list) else premises
        problem = make_problem(
            text=f"{text} True or false: {raw['question']}", formalism=self.formalism, options=options
        )
        gold = None
        if setting.translator == "gold":
            from quod.evals.gold.fol import folio_formalization

            gold = folio_formalization(raw)
        return Case(problem, _LabelGrade(str(raw["answer"])), gold)


@dataclass(frozen=True)
class _MultipleChoice:
    """A paragraph about an order, and options of which one is true."""

    name: str
    formalism: Formalism = Formalism.FOL
    translators: tuple[str, ...] = ("controlled", "llm")

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        for raw in json_lines(path, "id", "premises", "question", "options", "answer"):
            text = "\n".join([raw["premises"], raw["question"], *raw["options"]])
            problem = make_problem(text=text, formalism=self.formalism, options=setting.options)
            yield Row(id=raw["id"], cases=(Case(problem, _OptionGrade(raw["answer"])),))


FOLIO = _Entailment("folio", translators=("gold", "controlled", "llm"))
PROOFWRITER = _Entailment("proofwriter", semantics=Semantics.CLOSURE)
PRONTOQA = _Entailment("prontoqa")
LOGICAL_DEDUCTION = _MultipleChoice("logicaldeduction")
