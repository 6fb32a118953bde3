"""Whatever is done to a text: it is read, mended or diagnosed, and nothing raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.pddl.backend import PddlBackend
from quod.backends.pddl.documents import load_text
from quod.backends.pddl.equivalence import equivalent
from quod.backends.pddl.lint import lint_task
from quod.backends.pddl.plans import parse_plan
from quod.backends.pddl.sexpr import read
from quod.backends.pddl.validator import validate
from quod.backends.pddl.words import read_back
from quod.core.diagnostics import has_errors

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pddl"
TEXTS = {
    p.name: (p / "domain.pddl").read_text() + (p / "problem.pddl").read_text() for p in EXAMPLES.iterdir() if p.is_dir()
}
EDITS = st.lists(
    st.tuples(st.integers(0, 2500), st.integers(0, 12), st.sampled_from(["", "(", ")", "?", "-", ":", " and ", "(not ", "1", "é", ";", "\n", "(at start ", "either"])),  # noqa: E501
    min_size=1,
    max_size=4,
)  # fmt: skip


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for place, drop, put in edits:
        at = place % len(text)
        text = text[:at] + put + text[at + drop :]
    return text


@given(st.sampled_from(sorted(TEXTS)), EDITS)
@settings(max_examples=250, deadline=None)
def test_damaged_text_is_read_or_diagnosed(name: str, edits: list[tuple[int, int, str]]) -> None:
    text = edited(TEXTS[name], edits)
    loaded = load_text(text)
    assert (loaded.task is None) == has_errors(loaded.diagnostics)
    for diagnostic in loaded.diagnostics:
        if diagnostic.span is not None:
            assert diagnostic.span.line <= text.count("\n") + 1
    if loaded.task is not None:
        lint_task(loaded.task, "a b c 3 rooms")
        read_back(loaded.task)
        plan = parse_plan("(move d1 d2 peg3)")
        assert plan is not None
        validate(loaded.task, plan)


@given(st.sampled_from(sorted(TEXTS)), EDITS)
@settings(max_examples=150, deadline=None)
def test_mending_settles(name: str, edits: list[tuple[int, int, str]]) -> None:
    """Mending never raises, and what it mended needs no more of the same."""
    once = PddlBackend().mend(edited(TEXTS[name], edits)).text
    assert not read(once).edits or PddlBackend().mend(once).text != once
    twice = PddlBackend().mend(PddlBackend().mend(once).text).text
    assert PddlBackend().mend(twice).text == twice


SECTIONS = ["(:goal", "(:init", "(:action", "(:predicates", ":effect", "(:durative-action"]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_mending_leaves_sound_text_alone(name: str) -> None:
    assert PddlBackend().mend(TEXTS[name]).text == TEXTS[name]


@pytest.mark.parametrize(("name", "section"), [(n, s) for n in sorted(TEXTS) for s in SECTIONS if s in TEXTS[n]])
def test_a_parenthesis_lost_before_a_section_is_put_back(name: str, section: str) -> None:
    """Drop the last ')' before a section: mending gives a text that means the same."""
    text = TEXTS[name]
    closing = text.rfind(")", 0, text.find(section))
    mended = load_text(PddlBackend().mend(text[:closing] + text[closing + 1 :]).text)
    whole = load_text(text)
    assert mended.task is not None, mended.diagnostics
    assert whole.task is not None
    assert equivalent(mended.task, whole.task).level == "identical"
