"""FOLIO, ProofWriter, PrOntoQA, LogicalDeduction and AR-LSAT: does the conclusion follow, which option is right?

The text put to quod is the benchmark's own premises and question, joined as its authors print them; nothing of
the gold goes into it. ProofWriter's labels mean forward chaining with explicit negation (its authors' reading),
so its rows set ``semantics=closure``; the others are read classically.

Read are the authors' files (FOLIO's JSON lines, the JSON lists in which Logic-LM packages the others) and the
same rows under the names ``premises``, ``question``, ``options``, ``answer``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.problem import Semantics, make_problem
from quod.evals.benchmark import Case, Row, Setting
from quod.evals.data import Raw, find_split, read_rows, require, unique
from quod.evals.grading import LabelGrade, OptionGrade

__all__ = ["AR_LSAT", "FOLIO", "LOGICAL_DEDUCTION", "PRONTOQA", "PROOFWRITER"]

_LABEL = {"true": "True", "false": "False", "unknown": "Unknown", "uncertain": "Unknown"}
_STATEMENT = re.compile(
    r"^Based on the above information, is the following statement true, false,?.*\?\s*", re.IGNORECASE
)


def normalised(place: str, raw: Raw) -> Raw:
    """A row of any of the published forms as ``id, premises, question, options, answer`` (and what else it had)."""
    row = dict(raw)
    if "context" in row and "premises" not in row:  # Logic-LM's packaging
        row["premises"] = row["context"]
    if "conclusion" in row and "question" not in row:  # FOLIO as published
        row["question"] = row["conclusion"]
        row["answer"] = row.get("label")
        row.setdefault("id", f"folio-{row.get('story_id', '')}-{row.get('example_id', place.rsplit(' ', 1)[-1])}")
        if "premises-FOL" in row:
            row["gold_fol"] = {"premises": row["premises-FOL"], "conclusion": row.get("conclusion-FOL")}
    require(place, row, "id", "premises", "question", "answer")
    return row


def truth_label(place: str, row: Raw) -> str:
    """True, False or Unknown, from the label itself or from the option it names."""
    answer = str(row["answer"]).strip()
    for option in row.get("options", ()):
        letter, _, words = str(option).partition(")")
        if letter.strip() == answer:
            answer = words.strip()
    label = _LABEL.get(answer.lower())
    if label is None:
        raise InputError(f"{place}: the label {row['answer']!r} is none of True, False, Unknown")
    return label


@dataclass(frozen=True)
class _Entailment:
    """A set of premises and a statement, labelled True, False or Unknown."""

    name: str
    summary: str
    semantics: Semantics | None = None
    formalism: Formalism = Formalism.FOL
    translators: tuple[str, ...] = ("controlled", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for place, raw in read_rows(find_split(path, setting.split)):
            row = normalised(place, raw)
            label = truth_label(place, row)
            yield Row(id=unique(seen, str(row["id"]), place), cases=(self._case(row, label, setting),), category=label)

    def _case(self, row: Raw, label: str, setting: Setting) -> Case:
        options = setting.options.model_copy(update={"semantics": self.semantics})
        premises = row["premises"]
        text = " ".join(premises) if isinstance(premises, list) else str(premises)
        question = _STATEMENT.sub("", str(row["question"]))
        problem = make_problem(text=f"{text} True or false: {question}", formalism=self.formalism, options=options)
        gold = None
        if setting.translator == "gold":
            from quod.evals.gold.fol import folio_formalization

            gold = folio_formalization(row)
        return Case(problem, LabelGrade(label), gold)


@dataclass(frozen=True)
class _MultipleChoice:
    """A paragraph, a question, and options of which one is right."""

    name: str
    summary: str
    formalism: Formalism = Formalism.FOL
    translators: tuple[str, ...] = ("controlled", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        seen: dict[str, str] = {}
        for place, raw in read_rows(find_split(path, setting.split)):
            row = normalised(place, raw)
            require(place, row, "options")
            text = "\n".join([str(row["premises"]), str(row["question"]), *map(str, row["options"])])
            problem = make_problem(text=text, formalism=self.formalism, options=setting.options)
            name = unique(seen, str(row["id"]), place)
            count = len(row["options"])
            yield Row(id=name, cases=(Case(problem, OptionGrade(str(row["answer"]))),), category=f"{count} options")


FOLIO = _Entailment("folio", "stories by people, first-order labels", translators=("gold", "controlled", "llm"))
PROOFWRITER = _Entailment("proofwriter", "templated rules, open world, closure labels", semantics=Semantics.CLOSURE)
PRONTOQA = _Entailment("prontoqa", "templated deduction chains over made-up words")
LOGICAL_DEDUCTION = _MultipleChoice("logicaldeduction", "orders of three, five or seven things")
AR_LSAT = _MultipleChoice(
    "ar_lsat", "analytical reasoning of the law school admission test", translators=("llm", "controlled")
)
