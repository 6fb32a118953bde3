"""Fixed small samples of the development data; the full figures come from `make results`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from quod.backends.fol.checker import check
from quod.backends.fol.closure import chain, check_chain, program
from quod.backends.fol.document import raw_document
from quod.backends.fol.lints import lint
from quod.backends.fol.question import answer
from quod.backends.fol.resolve import parse_document
from quod.core.problem import Problem
from quod.core.run import Run
from quod.evals.gold.fol import folio_formalization
from quod.translators.controlled.fol import translator

Rows = Callable[[str], list[dict[str, Any]]]
LABEL = {"proved": "True", "disproved": "False", "undetermined": "Unknown"}


def formal(text: str) -> str:
    translation = translator().translate(Problem(text=text), Run())
    assert translation.formalization is not None, translation.diagnostics
    raw = raw_document(translation.formalization.text)
    theory, _ = parse_document(translation.formalization.text)
    assert theory is not None
    assert not [d for d in lint(theory, raw) if d.code.startswith("faithfulness.")]
    return translation.formalization.text


def decided(text: str) -> tuple[str, Any, Any]:
    theory, found = parse_document(text)
    assert theory is not None, found
    result = answer(theory, 20)
    assert result.conclusion is not None
    check(theory, result.conclusion, result.payload)
    return result.conclusion.value, theory, result


def test_prontoqa_sample(shared_rows: Rows) -> None:
    for row in shared_rows("prontoqa/dev.jsonl")[:25]:
        conclusion, _, _ = decided(formal(f"{row['premises']} True or false: {row['question']}"))
        assert LABEL[conclusion] == row["answer"]


def test_proofwriter_sample(shared_rows: Rows) -> None:
    for row in shared_rows("proofwriter/dev.jsonl")[:25]:
        theory, _ = parse_document(formal(f"{row['premises']} True or false: {row['question']}"))
        assert theory is not None
        rules = program(theory, closed=False)
        chained = chain(rules)
        assert check_chain(rules, chained.conclusion, chained.payload) is None
        assert LABEL[chained.conclusion.value] == row["answer"]


def test_logicaldeduction_sample(shared_rows: Rows) -> None:
    for row in shared_rows("logicaldeduction/dev.jsonl")[:12]:
        _, theory, result = decided(formal("\n".join([row["premises"], row["question"], *row["options"]])))
        assert [theory.question.formulas[k].id for k in result.payload["holding"]] == [row["answer"]]


def test_folio_gold(shared_rows: Rows) -> None:
    right = total = 0
    for row in shared_rows("folio/gold.jsonl"):
        gold = folio_formalization(row)
        assert gold is not None
        if parse_document(gold.text)[0] is None:
            continue
        conclusion, _, _ = decided(gold.text)
        total += 1
        right += LABEL.get(conclusion) == row["answer"]
    assert right >= 0.93 * total


def test_folio_texts_are_not_answered_wrongly(shared_rows: Rows) -> None:
    for row in shared_rows("folio/dev.jsonl")[:200]:
        text = f"{' '.join(row['premises'])} True or false: {row['question']}"
        translation = translator().translate(Problem(text=text), Run())
        if translation.formalization is None:
            assert translation.diagnostics
            continue
        conclusion, theory, _ = decided(translation.formalization.text)
        doubts = [
            d for d in lint(theory, raw_document(translation.formalization.text)) if d.code.startswith("faithfulness.")
        ]
        assert doubts or LABEL.get(conclusion) == row["answer"], text


@pytest.mark.parametrize("change", ["drop", "add", "swap", "forge"])
def test_forged_firings_are_rejected(change: str) -> None:
    text = "premises:\n  red(cat)\n  ∀x (red(x) → big(x))\n  ∀x (big(x) → kind(x))\nquestion:\n  kind(cat)\n"
    theory, _ = parse_document(text)
    assert theory is not None
    rules = program(theory, closed=False)
    chained = chain(rules)
    firings: Any = list(chained.payload["firings"])  # type: ignore[arg-type]  # a list
    forged = {"drop": firings[:-1], "add": [*firings, [2, ["dog"]]], "swap": firings[::-1], "forge": [[9, []]]}[change]
    assert check_chain(rules, chained.conclusion, {**chained.payload, "firings": forged}) is not None
