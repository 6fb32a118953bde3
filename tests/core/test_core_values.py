"""Problems, diagnostics, spans, verdicts and plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quod.core.diagnostics import Severity, Span, code
from quod.core.errors import InputError
from quod.core.plain import plain
from quod.core.problem import MAX_TEXT_CHARS, ContextItem, make_problem
from quod.core.verdict import Conclusion, GaveUp, Verdict


@pytest.mark.parametrize(
    ("text", "formalism", "words"),
    [
        ("", None, "empty"),
        (" \n\t", None, "empty"),
        ("a\x00b", None, "NUL"),
        ("x" * (MAX_TEXT_CHARS + 1), None, "200,001 characters"),
        ("True?", "prolog", "no formalism 'prolog'"),
    ],
)
def test_a_bad_problem_is_refused_in_words(text: str, formalism: str | None, words: str) -> None:
    with pytest.raises(InputError) as caught:
        make_problem(text=text, formalism=formalism)
    assert words in caught.value.message


def test_context_names_are_plain_and_distinct() -> None:
    with pytest.raises(ValidationError):
        ContextItem(name="../etc/passwd", content="")
    twice = (ContextItem(name="a.csv", content="x"), ContextItem(name="a.csv", content="y"))
    with pytest.raises(InputError, match="same name"):
        make_problem(text="Prove it.", context=twice)


@given(st.binary(max_size=200))
def test_context_keeps_its_bytes(content: bytes) -> None:
    assert ContextItem.from_bytes("data.bin", content).read_bytes() == content


@given(st.text(alphabet="ab\n", max_size=30), st.integers(-3, 33))
def test_a_span_points_at_its_offset(text: str, offset: int) -> None:
    span = Span.at(text, offset)
    lines = text.split("\n")
    clamped = max(0, min(offset, len(text)))
    assert sum(len(line) + 1 for line in lines[: span.line - 1]) + span.column - 1 == clamped


def test_codes_are_registered_once_and_well_formed() -> None:
    first = code("test.sample", "A sample.")
    assert code("test.sample", "A sample.") is first
    with pytest.raises(ValueError, match="twice"):
        code("test.sample", "Another.")
    with pytest.raises(ValueError, match="not a diagnostic code"):
        code("NoDots", "Bad.")
    diagnostic = first.warning("look here", span=Span(line=2, column=5), hint="do that")
    assert diagnostic.severity is Severity.WARNING
    assert str(diagnostic) == "line 2, column 5: warning: look here [test.sample] (do that)"


def test_giving_up_needs_a_reason() -> None:
    with pytest.raises(ValidationError):
        Verdict(conclusion=Conclusion.GAVE_UP)
    with pytest.raises(ValidationError):
        Verdict(conclusion=Conclusion.PROVED, gave_up=GaveUp.TIMEOUT)
    assert Verdict.giving_up(GaveUp.MEMORY).conclusion is Conclusion.GAVE_UP


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("a\x1bPq#0;2;0\x1b\\b", "ab"),
        ("one\rtwo\r\nthree", "one\ntwo\nthree"),
        ("safe \u202etxt.exe", "safe txt.exe"),
        ("tab\tand\nnewline ∀x", "tab\tand\nnewline ∀x"),
    ],
)
def test_terminal_escapes_are_stripped(raw: str, shown: str) -> None:
    assert plain(raw) == shown


@given(st.text(max_size=60))
def test_no_control_character_survives(text: str) -> None:
    assert not any((ord(c) < 32 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 for c in plain(text))
