"""What the words of a problem say of an optimization, as far as it can be told surely: its direction, its limits.

Only what has one reading is reported: a direction if the text names no other, a limit if a phrase such as "at most"
stands right before its number. The probes (:mod:`.probes`) hold a model against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from quod.core.quantities import Quantity, find_quantities

__all__ = ["Comparison", "Limit", "comparisons", "limits", "sense", "sentence_around", "stems"]

_MAX = re.compile(r"\bmaximi[sz](?:e|es|ed|ing)\b|\bas (?:many|much) [^.,;]{0,40}as possible\b", re.IGNORECASE)
_MIN = re.compile(r"\bminimi[sz](?:e|es|ed|ing)\b|\bas (?:few|little) [^.,;]{0,40}as possible\b", re.IGNORECASE)
_BIG = re.compile(
    r"\b(?:highest|largest|greatest|biggest|maximum|maximal|most) (?:possible )?(?:total |overall |daily |weekly "
    r"|monthly |annual |yearly )*(?:profits?|revenues?|incomes?|earnings|returns?|yield|output)\b",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\b(?:lowest|smallest|least|cheapest|minimum|minimal) (?:possible )?(?:total |overall |daily |weekly |monthly "
    r"|annual |yearly )*(?:costs?|expenses?|spending|price|waste)\b|\bmost cheaply\b|\bfewest\b",
    re.IGNORECASE,
)
_AT_MOST = (
    r"at most|(?:no|not) more than|(?:must|can|may|should|does|do)? ?(?:not|never) exceed|cannot exceed|up to"
    r"|(?:a|the) maximum of|less than or equal to|not be (?:more|greater) than|no greater than|below"
    r"|less than|fewer than"
)
_AT_LEAST = (
    r"at least|(?:no|not) (?:less|fewer) than|(?:a|the) minimum of|greater than or equal to"
    r"|not be less than|no lower than"
)
_FILLER = r"(?:a |the |total |of |about |another )*\$?\s*"
_BEFORE = re.compile(rf"\b(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST}))\s+{_FILLER}$", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:[\w-]+ ){0,2}?or (?:(?P<least>more|greater|higher|above)|(?P<most>less|fewer|lower|below))\b",
    re.IGNORECASE,
)
_HAVE = re.compile(r"\b(?:available|budget of|capacity of|limit of|limited to)\s+(?:only |just |at most )?\$?\s*$",
                   re.IGNORECASE)  # fmt: skip
_LEFT = re.compile(r"\s*(?:[$\w-]+,? ){1,9}?(?:is |are )?available\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:no|not|never|n['’]t|cannot|need not|without)\s+(?:\w+\s+){0,1}$", re.IGNORECASE)


@dataclass(frozen=True)
class Limit:
    """A number that the words limit something by."""

    quantity: Quantity
    op: Literal["<=", ">="]
    plain: bool
    """Whether a phrase says so ("at most"); else it is only something that there is so much of."""
    behind: str
    """The words right after the number, up to the next mark."""


def sense(text: str) -> Literal["maximize", "minimize"] | None:
    """The direction of the optimization, where the words name exactly one."""
    for up, down in ((_MAX, _MIN), (_BIG, _SMALL)):
        big, small = up.search(text), down.search(text)
        if big and not small:
            return "maximize"
        if small and not big:
            return "minimize"
        if big or small:
            return None
    return None


def limits(text: str) -> list[Limit]:
    """The numbers that are said to be at most or at least something, or all that there is."""
    found = []
    for q in find_quantities(text):
        before = text[max(0, q.start - 60) : q.start]
        behind = text[q.end : q.end + 80]
        told, after = _BEFORE.search(before), _AFTER.match(behind)
        if told and _NOT.search(before[: told.start()]):
            continue  # "not at least", "not up to": who knows
        words = re.split(
            r"[.,;:?!\n]|\\n|\b(?:and|or|but|while|whereas|than|of whom|for (?:each|every))\b", behind, maxsplit=1
        )
        if told or after:
            most = bool(told and told["most"]) or bool(not told and after and after["most"])
            found.append(Limit(q, "<=" if most else ">=", plain=True, behind=words[0]))
        elif _HAVE.search(before) or _LEFT.match(behind):
            found.append(Limit(q, "<=", plain=False, behind=words[0]))
    return found


@dataclass(frozen=True)
class Comparison:
    """Two things whose numbers the words compare, without a number of their own: ``more`` is no fewer than ``less``."""

    more: str
    less: str
    words: str


_MODAL = r"(?:must|should|shall|has to|have to|needs? to|is to|can|may|cannot|can ?not)"
_NUMBER_OF = re.compile(
    rf"\b(?:number|amount|quantity) of (?P<a>[^.,;:]{{2,60}}?) (?P<modal>{_MODAL})(?P<no>(?: not|n['’]t)?) ?(?:be )?"
    r"(?P<no2>not )?(?P<rel>exceed|(?:more|larger|greater|higher|bigger|less|fewer|smaller|lower) than"
    r"|at least as (?:many|much|large|high) as|at most as (?:many|much) as)"
    r" (?:that of |the )?(?:(?:number|amount|quantity) (?:of|to) )?(?P<b>[^.,;:]{2,60})",
    re.IGNORECASE,
)
_MORE_THAN = re.compile(
    rf"\b{_MODAL} (?:\w+ ){{1,2}}?(?P<rel>more|fewer) (?P<a>[^.,;:\d]{{2,50}}?) than (?P<b>[^.,;:\d]{{2,50}})",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(?:times|twice|double|half|percent|as many)\b|%|\d", re.IGNORECASE)


def comparisons(text: str) -> list[Comparison]:
    """What the words say must be more than, or must not exceed, something else."""
    found = []
    for match in (*_NUMBER_OF.finditer(text), *_MORE_THAN.finditer(text)):
        if _TIMES.search(re.sub(r"as many as", "", match[0])):
            continue
        got = match.groupdict()
        relation = got["rel"].lower()
        more = relation.startswith(("exceed", "more", "larger", "greater", "higher", "bigger", "at least"))
        modal = got.get("modal") or ""
        denied = bool(got.get("no") or got.get("no2")) or modal.lower().replace(" ", "") == "cannot"
        if not denied and modal.lower() in {"can", "may"}:
            continue
        if denied and relation.startswith(("at least", "at most")):
            continue
        a, b = got["a"], got["b"]
        found.append(Comparison(a, b, match[0]) if more is not denied else Comparison(b, a, match[0]))
    return found


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence in which ``text[start:end]`` stands."""
    first = max(text.rfind(mark, 0, start) + 2 for mark in (". ", "? ", "! ", ".\n", "\n\n"))
    stops = [at for mark in (". ", "? ", "! ", ".\n", "\n\n") if (at := text.find(mark, end)) >= 0]
    return text[max(first, 0) if first > 1 else 0 : min(stops, default=len(text))].strip()


_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_STOP = frozenset(
    "a an the of in on at to for from by with and or number amount quantity count total units unit".split()
)


def stems(words: str) -> frozenset[str]:
    """The words of a name or phrase without endings and small words."""
    return frozenset(_stem(w.lower()) for w in _WORD.findall(_CAMEL.sub(" ", words)) if w.lower() not in _STOP)


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    for ending in ("ches", "shes", "xes", "sses"):
        if word.endswith(ending):
            return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
