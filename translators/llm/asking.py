"""Small questions to a model whose answers are only advice: which formalism, is the read-back the same, polish this.

A model that fails, refuses or talks nonsense here costs nothing but the advice.
"""

from __future__ import annotations

import re

from pydantic import Field, ValidationError

from quod.core.diagnostics import Diagnostic
from quod.core.errors import ModelError
from quod.core.formalism import Formalism
from quod.core.model import Frozen, JsonDict
from quod.core.problem import Problem
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.attachments import describe_attachments
from quod.translators.llm.client import ChatModel, Finish, system, user
from quod.translators.llm.prompting import marks, template
from quod.translators.routing import Routing

__all__ = ["Comparison", "ask_route", "compare_read_back", "polish"]

_ROUTE_SCHEMA: JsonDict = {
    "type": "object",
    "properties": {
        "formalism": {"enum": [str(f) for f in Formalism]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "reason": {"type": "string"},
    },
    "required": ["formalism", "confidence", "reason"],
    "additionalProperties": False,
}
_COMPARE_SCHEMA: JsonDict = {
    "type": "object",
    "properties": {
        "same": {"type": "boolean"},
        "differences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "problem": {"type": "string"},
                    "read_back": {"type": "string"},
                    "what": {"type": "string"},
                },
                "required": ["problem", "read_back", "what"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["same", "differences"],
    "additionalProperties": False,
}


class _Advice(Frozen):
    formalism: Formalism
    confidence: float = Field(ge=0, le=1)
    reason: str


class _Difference(Frozen):
    problem: str
    read_back: str
    what: str


class _Compared(Frozen):
    same: bool
    differences: tuple[_Difference, ...] = ()


class Comparison(Frozen):
    """What came of comparing a read-back with the problem."""

    same: bool | None
    """None when the model gave no usable answer."""
    diagnostics: tuple[Diagnostic, ...] = ()


def ask_route(problem: Problem, model: ChatModel, run: Run, by_signals: Routing) -> Routing | None:
    """The model's word on where a problem goes; None if it has none. It cannot go where the person did not allow."""
    opened, closed = marks(problem.text)
    attached = describe_attachments(problem, opened, closed)[:4000]
    asked = f"{attached}{opened} problem\n{problem.text[:8000]}\n{closed}"
    try:
        completion = model.complete(
            (system(template("shared/route")), user(asked)), schema=_ROUTE_SCHEMA, max_tokens=300, run=run
        )
        advice = _Advice.model_validate(completion.parsed)
    except (ModelError, ValidationError):
        return None
    reason = f"the model's word: {' '.join(advice.reason.split())[:200]}"
    return Routing(
        formalism=advice.formalism, confidence=advice.confidence, reason=reason, scores=by_signals.scores, by="model"
    )


def compare_read_back(problem: Problem, read_back: str, model: ChatModel, run: Run) -> Comparison:
    """Have a model compare the problem with its formal text read back into words.

    It is told nothing of the formal text, so it judges only what a person could. A difference it reports must quote
    words that really stand in the problem, or it does not count.
    """
    opened, closed = marks(problem.text, read_back)
    asked = f"{opened} problem\n{problem.text}\n{closed}\n\n{opened} read back\n{read_back}\n{closed}"
    try:
        completion = model.complete(
            (system(template("shared/compare")), user(asked)), schema=_COMPARE_SCHEMA, max_tokens=1500, run=run
        )
        compared = _Compared.model_validate(completion.parsed)
    except (ModelError, ValidationError):
        return Comparison(same=None)
    real = [d for d in compared.differences if _quoted(d.problem, problem.text)]
    if compared.same and not real:
        return Comparison(same=True)
    warnings = tuple(
        codes.READ_BACK_DIFFERS.warning(
            f"read back, the formal text differs from the problem: {' '.join(d.what.split())[:300]}",
            source=d.problem[:300],
            hint=f"it says: {d.read_back[:300]}" if d.read_back else None,
        )
        for d in real[:8]
    )
    return Comparison(same=False if warnings else None, diagnostics=warnings)


def _quoted(words: str, text: str) -> bool:
    def flat(value: str) -> str:
        return re.sub(r"\W+", " ", value).strip().lower()

    return bool(flat(words)) and flat(words) in flat(text)


_TOKEN = re.compile(r"-?\d+(?:[.,/]\d+)*|[^\W\d_][\w'’-]*")
_PLAIN = frozenset(
    "a an the is are was be it its this that these those of to in on at by for with and or so you your we can should "
    "will would there here then thus therefore hence if as not no yes more most best answer result means solution plan "
    "which from has have do does".split()
)


def polish(words: str, model: ChatModel, run: Run) -> tuple[str, Diagnostic | None]:
    """The answer in nicer words, or as it was, with a diagnostic, if the model changed a number or a name."""
    try:
        completion = model.complete(
            (system(template("shared/polish")), user(words)), temperature=0.0, max_tokens=600, run=run
        )
    except ModelError:
        return words, None
    nicer = completion.text.strip()
    if completion.finish_reason is not Finish.STOP or not nicer or len(nicer) > 4 * len(words) + 200:
        return words, None
    before, after = _facts(words), _facts(nicer)
    if before != after:
        changed = sorted(before ^ after)
        return words, codes.CHANGED_WORDS.info(
            f"the polished wording was not used: it changed {', '.join(changed[:5])}"
        )
    return nicer, None


def _facts(words: str) -> frozenset[str]:
    """Numbers, names and negations: what a change of wording must not touch."""
    facts = set()
    for match in _TOKEN.finditer(words):
        token = match[0]
        sentence_start = match.start() == 0 or words[: match.start()].rstrip()[-1:] in {".", "!", "?", ":", "\n", ""}
        if token[0].isdigit() or token[0] == "-":
            facts.add(token.replace(",", ""))
        elif (token[0].isupper() and not sentence_start) or "_" in token or any(c.isdigit() for c in token):
            if token.lower() not in _PLAIN:
                facts.add(token)
        elif token.lower() in {"not", "no", "never", "cannot", "none", "neither", "nor", "infeasible", "unbounded"}:
            facts.add("negated")
    return frozenset(facts)
