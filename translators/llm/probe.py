"""The tiny round trip of ``quod doctor``: is the endpoint there, does it know the model, does it answer?"""

from __future__ import annotations

import time

from quod.core.budget import Budget
from quod.core.errors import QuodError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.core.settings import Settings
from quod.translators.llm.client import user
from quod.translators.llm.config import ModelSettings, assemble

__all__ = ["probe_model"]


def probe_model(settings: Settings) -> JsonDict:
    """``ok`` and, if so, what answered and how fast; if not, the code, the reason and a hint. Costs a few tokens."""
    started = time.monotonic()
    try:
        # no cache and no record: a round trip is wanted
        options = ModelSettings().model_copy(update={"cache": False, "record": None, "attempts": 1})
        model = assemble(settings, options)
        run = Run(budget=Budget(seconds=min(60.0, settings.model_timeout)))
        completion = model.complete((user("Reply with the single word: ready"),), max_tokens=64, run=run)
    except QuodError as error:
        report: JsonDict = {"ok": False, "code": error.code, "reason": error.message}
        return {**report, "hint": error.hint} if error.hint else report
    return {
        "ok": True,
        "answered": completion.model,
        "said": completion.text.strip()[:40],
        "seconds": round(time.monotonic() - started, 3),
        "tokens": completion.usage.tokens,
    }
