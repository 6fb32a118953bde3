"""JSON with one slip: mended where exactly one reading has the wanted shape, else left alone."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from quod.backends.registry import get_backend
from quod.core.formalism import Formalism
from quod.core.model import JsonValue
from quod.translators.llm.broken_json import one_slip
from quod.translators.llm.reply import read_reply
from quod.translators.llm.structured import schema_faults

SCHEMA = get_backend(Formalism.MILP).schema() or {}
MODEL = {
    "variables": {"x": {"domain": "integer", "lower": 0, "gloss": "chairs"}, "y": {"domain": "integer", "lower": 0}},
    "objective": {"sense": "maximize", "expression": "3 * x + 2 * y"},
    "constraints": [{"name": "wood", "rule": "x + 2 * y <= 8"}, {"name": "time", "rule": "2 * x + y <= 9"}],
}
TEXT = json.dumps(MODEL, indent=1)


def is_model(value: JsonValue) -> bool:
    return not schema_faults(value, SCHEMA, limit=1)


@settings(deadline=None)
@given(st.sampled_from([i for i, c in enumerate(TEXT) if c in '{}[]":,']), st.booleans())
def test_one_mark_lost_or_doubled_is_put_right_or_left_alone(at: int, lost: bool) -> None:
    broken = TEXT[:at] + TEXT[at + 1 :] if lost else TEXT[:at] + TEXT[at] + TEXT[at:]
    mended = one_slip(broken, is_model)
    assert mended is None or json.loads(mended[0]) == MODEL


def test_every_lost_bracket_is_put_back() -> None:
    for at, mark in enumerate(TEXT):
        if mark in "{}[]":
            mended = one_slip(TEXT[:at] + TEXT[at + 1 :], is_model)
            assert mended is not None, (at, mark)
            assert json.loads(mended[0]) == MODEL


def test_two_readings_are_none() -> None:
    assert one_slip('{"a": {"b": 1, "c": 2}', lambda _: True) is None
    assert one_slip("[" * 5000, lambda _: True) is None


def test_a_reply_with_a_brace_too_few_needs_no_second_call() -> None:
    broken = TEXT.replace('"gloss": "chairs"\n  },', '"gloss": "chairs"\n  ,')
    reply = read_reply(f"Here it is:\n```json\n{broken}\n```\n", Formalism.MILP, schema=SCHEMA)
    assert reply.formalization is not None
    assert json.loads(reply.formalization.text) == MODEL
    assert "model.mended_json" in {d.code for d in reply.diagnostics}
