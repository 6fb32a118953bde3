"""Rehearsing a model run without a model: a script for the scripted server that answers a benchmark from its gold.

Nothing here measures a model. It measures whether an evaluation comes through what models and their servers do:
wrong drafts, prose instead of formal text, errors of every kind, broken connections.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import Any

from quod.evals.benchmark import Row

__all__ = ["rehearsal"]

_FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 500, "error": "rehearsed: internal error"},
    {"status": 429, "error": "rehearsed: too many requests", "headers": {"Retry-After": "0"}},
    {"disconnect": True},
    {"reply": "I believe the answer is seven.", "truncate": 60},
    {"body": "<html>rehearsed: a proxy's error page</html>"},
)
_DRAFTS = ("I believe the answer is seven.", '```json\n{"variables": {}}\n```', "```\nnot a formal text (\n```")


def rehearsal(
    rows: Iterable[Row],
    good: Callable[[Row], str],
    *,
    seed: int = 0,
    faults: float = 0.2,
    bad: float = 0.2,
    calls: int = 8,
) -> list[dict[str, Any]]:
    """Rules for the scripted server: of the first ``calls`` calls about a row, a share fails and a share is wrong.

    ``good`` gives the reply that is right. A row is recognised by the beginning of its text.
    """
    rng = random.Random(seed)
    rules: list[dict[str, Any]] = []
    for row in rows:
        match = {"user": re.escape(row.cases[0].problem.text[:400])}
        for number in range(1, calls + 1):
            drawn = rng.random()
            if drawn < faults:
                rules.append({"match": match, "call": number, **rng.choice(_FAULTS)})
            elif drawn < faults + bad:
                rules.append({"match": match, "call": number, "reply": rng.choice(_DRAFTS)})
        rules.append({"match": match, "reply": good(row)})
    rules.append({"reply": "I do not know."})  # whatever else is asked, such as for the lemmas of a proof
    return rules
