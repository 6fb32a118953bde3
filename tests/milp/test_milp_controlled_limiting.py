"""A sentence that limits without a form the grammar reads is never passed over: the text is refused or read anew."""

from __future__ import annotations

import json
import random

import pytest
from milp_limiting import LIMITING, inserted

from quod.core.problem import make_problem
from quod.core.run import Run
from quod.translators.controlled.milp import translator

BASES = (
    (("A company makes desks and lamps. A desk needs 3 hours and a lamp needs 1 hour. At most 60 hours are available. "
     "Profit is $40 per desk and $5 per lamp. Maximize the profit."), "desks", "lamps"),
    (("A firm hauls sand by trucks and barges. A truck carries 8 tons and a barge carries 90 tons. At least 700 tons "
     "must be hauled. A truck costs $60 and a barge costs $400. How many of each should be used to minimize the cost?"),
     "trucks", "barges"),
)  # fmt: skip
TEXTS = [(base, text) for base, a, b in BASES for s in LIMITING for text in inserted(base, s, a, b)]
READ_RIGHT = (
    ("Every desk comes with a lamp.", None),
    ("Between 5 and 8 desks must be made.", 2),
    ("The ratio of lamps to desks must be 2:1.", 1),
    ("There must be at least 3 lamps for every desk.", 1),
    ("Neither product may exceed 15 units.", 2),
    ("The total number of desks and lamps must be at least 30.", 1),
    ("The company makes 5 fewer lamps than desks.", 1),
    ("At least 3 dozen lamps must be made.", 1),
)


def _model(text: str) -> dict[str, object] | None:
    found = translator().translate(make_problem(text=text), Run())
    return json.loads(found.formalization.text) if found.formalization else None


@pytest.mark.parametrize(("base", "text"), random.Random(3).sample(TEXTS, 60))
def test_no_limiting_sentence_is_ignored(base: str, text: str) -> None:
    plain, limited = _model(base), _model(text)
    assert plain is not None
    assert limited is None or limited["constraints"] != plain["constraints"]


@pytest.mark.parametrize(("sentence", "rows"), READ_RIGHT)
def test_a_limit_in_plain_words_is_read_or_refused(sentence: str, rows: int | None) -> None:
    base = BASES[0][0]
    plain, limited = _model(base), _model(base.replace("Maximize", sentence + " Maximize"))
    assert plain is not None
    if rows is None:
        assert limited is None
        return
    assert limited is not None
    before, after = plain["constraints"], limited["constraints"]
    assert isinstance(before, list)
    assert isinstance(after, list)
    assert len(after) == len(before) + rows
