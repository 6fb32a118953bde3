"""No logged text can forge a line of the log."""

from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quod.workers.logs import JsonLines, job_context, request_context


def line(message: str, *args: object, **extra: object) -> str:
    return JsonLines().format(logging.LogRecord("quod.test", logging.WARNING, "x.py", 1, message, args, None, **extra))  # type: ignore[arg-type]


@given(st.text())
def test_any_text_is_one_line_and_reads_back(text: str) -> None:
    told = line("said: %s", text)
    assert told.isascii()
    assert len(told.splitlines()) == 1
    assert "\x1b" not in told
    assert json.loads(told)["message"] == f"said: {text}"


@pytest.mark.parametrize(
    "forged", ['x\n{"level": "error", "message": "all keys revoked"}', "\u2028\u0085\r\x1b[2J", '"}']
)
def test_a_forged_line_stays_inside_its_own(forged: str) -> None:
    with request_context("r-1"), job_context("j-1"):
        told = json.loads(line("%s", forged))
    assert (told["level"], told["request"], told["job"], told["message"]) == ("warning", "r-1", "j-1", forged)
