"""Variants of the benchmark texts, each with a hand-written outcome: abstain, flag, or the one right conclusion."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from quod.backends.fol.checker import check
from quod.backends.fol.document import raw_document
from quod.backends.fol.lints import lint
from quod.backends.fol.question import answer
from quod.backends.fol.resolve import resolve
from quod.core.diagnostics import Severity
from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.controlled.fol import translator

_spec = importlib.util.spec_from_file_location("adversarial_cases", Path(__file__).with_name("adversarial_cases.py"))
assert _spec is not None
assert _spec.loader is not None
cases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cases)

BOOKS = """There are three books: a red book, a blue book, and a green book. {}
The green book is the rightmost. True or false: The red book is the leftmost."""
FRAMES = [
    ("{} Every dumpus is not shy. Rex is a wumpus. True or false: Rex is shy.", cases.FIRST_RULE),
    ("Every wumpus is a dumpus. Every dumpus is not shy. {} True or false: Rex is shy.", cases.FACT),
    ("The cat is red. The cat likes the dog. {} True or false: The cat is big.", cases.RELATION_RULE),
    (BOOKS, cases.CLUE),
]
TEXTS = [(frame.format(changed), expected) for frame, variants in FRAMES for changed, expected in variants]
FIXED = "The following paragraphs each describe a set of three objects arranged in a fixed order. "
WHOLE = Path(__file__).with_name("adversarial_texts.txt").read_text(encoding="utf-8").splitlines()
WORDS = Path(__file__).with_name("adversarial_words.txt").read_text(encoding="utf-8").splitlines()
MORE = Path(__file__).with_name("adversarial_more.txt").read_text(encoding="utf-8").splitlines()
for line in [*WHOLE, *WORDS, *MORE]:
    if line and not line.startswith("#"):
        expected, _, text = line.partition(": ")
        TEXTS.append((text.replace("FIXED ", FIXED).replace("\\n", "\n"), expected))


def outcome(text: str) -> str:
    translation = translator().translate(Problem(text=text), Run())
    if translation.formalization is None:
        assert translation.diagnostics, "an abstention names words"
        assert all(d.source for d in translation.diagnostics)
        return "abstain"
    raw = raw_document(translation.formalization.text)
    theory, found = resolve(raw, {})
    assert theory is not None, found
    doubts = [d for d in [*found, *lint(theory, raw)] if d.code.startswith("faithfulness.")]
    if any(d.severity is Severity.WARNING for d in doubts):
        return "flagged"
    result = answer(theory, 10)
    assert result.conclusion is not None
    check(theory, result.conclusion, result.payload)
    return result.conclusion.value


def test_there_are_two_hundred_variants() -> None:
    assert len(TEXTS) >= 200


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_variant(text: str, expected: str) -> None:
    found = outcome(text)
    assert found in {"abstain", "flagged"} if expected == "refused" else found == expected
