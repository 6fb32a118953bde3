"""The same limit for several places of work: *each machine is available for at most 40 hours*.

The clause must be filled from end to end. To which amounts the limit applies is found when the model is put together
(:mod:`quod.translators.controlled.milp.assemble`): all that are told in its unit, and at least two.
"""

# ruff: noqa: E501 - each form stands on one line

from __future__ import annotations

import re

from quod.translators.controlled.milp.crowds import Crowds
from quod.translators.controlled.milp.reading import Limit
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Stations"]

_OPS = {
    "at least": ">=", "at most": "<=", "no more than": "<=", "not more than": "<=", "up to": "<=", "a maximum of": "<=",
    "a total of": "<=",
}  # fmt: skip
_UNIT = r"(?P<unit>hours?|minutes?|seconds?|days?)"
_PERIOD = r"(?:(?:in|on|for|during) (?:a|an|any|each|the|every) (?:given |working )?\w+ ,? ?)?"
_WHEN = r"(?: (?:per|a|each|every|in any|on any|in a|on a|each working) \w+)?"
_CAN = r"(?:(?:is|are|will be) (?:only )?available(?: for(?: use)?)?|can (?:only )?(?:run|work|operate|be (?:run|used|operated))(?: for)?|has|have)"
_LIMIT = rf"{_CAN} (?:(?P<op>{'|'.join(_OPS)}) )?(?P<n>N\d+) {_UNIT}(?: available)?{_WHEN}"
_EACH = re.compile(
    rf"{_PERIOD}(?:each|every|all|both|each of the|both of the) (?P<noun>(?:[a-z-]+ )?[a-z-]+)(?: , (?:the )?[a-z-]+(?: and (?:the )?[a-z-]+)+ ,)? {_LIMIT}"
)
_BOTH = re.compile(
    rf"{_PERIOD}(?:if )?both (?:the )?(?P<left>[a-z-]+(?: [a-z-]+){{0,2}}) and (?:the )?(?P<right>[a-z-]+(?: [a-z-]+){{0,2}}) {_LIMIT}"
)
_PLACES = frozenset(
    stem(w)
    for w in "machine device equipment process team printer step stage station department operation oven line".split()
)


class Stations(Crowds):
    """Limits told once for several places of work."""

    def _each_station(self, low: int, high: int, said: str) -> bool:
        """Whether the stretch from ``low`` to ``high``, whose signs are ``said``, is such a limit."""
        both = _BOTH.fullmatch(said)
        each = None if both else _EACH.fullmatch(said)
        match = both or each
        if match is None or (each and stem(each["noun"].split()[-1]) not in _PLACES):
            return False
        value = self.tokens[int(match["n"][1:])].value
        assert value is not None
        op, words, unit = _OPS[match["op"] or "at most"], self._slice(low, high), stem(match["unit"])
        if both:
            for place in (both["left"], both["right"]):
                nouns = frozenset(stem(w) for w in place.split()) | {unit}
                self.reading.limits.append(Limit(op, value, nouns, frozenset(), "", words, head=nouns))
        else:
            before = frozenset(stem(w) for w in each["noun"].split()) if each else frozenset()
            nouns = frozenset({unit})
            self.reading.limits.append(Limit(op, value, nouns, before, "", words, head=nouns, several=True))
        self.done.update(range(low, high))
        return True
