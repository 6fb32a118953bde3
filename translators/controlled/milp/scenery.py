"""Clauses without a number that may be passed over: the closed list of kinds that can limit and change nothing.

A clause is scenery if it is one of

* a question or a task: *how many of each should be made*, *formulate this as an LP*;
* a listing of exactly the things to decide behind somebody who makes or sells them: *a shop sells mugs and plates*;
* a circumstance or a fragment without a verb: *in addition*, *per week*, *due to pollution*;
* a reason, which says of at most one thing what it is like: *since buses are more comfortable*;
* somebody's liking or expectation, or a plain statement about people, of none of the amounts;

and has none of the words by which a clause limits without a number (quantifiers, modals, ordinals, words of
sharing, order and equality). Every other clause has to be read by a rule of the grammar, or the text is refused.
"""

# ruff: noqa: E501 - word lists stand in long lines

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from quod.translators.controlled.milp.clauses import Clause
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, MEASURES, VERBS
from quod.translators.controlled.milp.limiting import limiting_word
from quod.translators.controlled.milp.listing import DOES, listed, listing
from quod.translators.controlled.milp.scanner import CLASS, TIMES_OF
from quod.translators.controlled.milp.tokens import Token, stem

__all__ = ["needed", "scenery"]


_VARIABLE = re.compile(r"[xyz]\d?")


_ASKS = frozenset("how what formulate find determine solve calculate decide compute formulating what's".split())
_ASK_WORDS = frozenset(
    "each should can must may need needs needed required contain maximum minimum whole with mix fit average include least most set sets as more then times limits score".split()
)
_CIRCUMSTANCE = frozenset("in on at due per during over for to of by from according within with because under".split())
_CONNECTING = frozenset(
    "also further furthermore moreover additionally finally lastly however therefore thus hence "
    "as such now then well so".split()
)
_REASONS = frozenset("since because as although though due".split())
_LIKING = frozenset(
    "prefer prefers preferred like likes expect expects expected believe believes think thinks plan plans hope hopes".split()
)
_STATES = frozenset(
    "is are was be has have had wants want decided planning deciding training purchasing going shows needing "
    "planned run runs own owns works work operates wishes looking trying".split()
)
_MAKES = frozenset(
    "make makes produce produces manufacture manufactures sell sells buy buys offer build builds hire hires "
    "supplements outsource outsources grow grows bake bakes brew brews provide provides stock stocks invest package packages wash washes install installs repair repairs "
    "transport deliver ship".split()
)
_TAKES = frozenset("eat eats drink drinks plant plants cook cooks prepare prepares serve serves use uses".split())
_AIMS = frozenset("enough batch mix each both can perfect sure".split())
_PURPOSES = frozenset("more avoid increase reduce decrease need needs grow".split())
# What a reason may deny or compare, where it names none of the things: *most clients do not have a yard*.
_DENIED = frozenset("not no never none cannot need needs fit fits".split())
_REASON_WORDS = frozenset("more less most become becomes than contain contains growing require requires".split())


def scenery(clause: Clause, many: int, nouns: frozenset[str], amounts: frozenset[str]) -> bool:
    """Whether the clause may be passed over. ``nouns`` name the class of things, ``amounts`` are nouns of quantities."""
    clause = _without_compounds(clause, nouns)
    inside = {i for m in clause.mentions for i in range(m.start, m.end)}
    rest = [t for i, t in enumerate(clause.tokens) if i not in inside and t.kind == "word"]
    lows = [t.low for t in rest]
    if not rest:
        return True
    named = {t.low for t in clause.tokens[1:] if t.text[:1].isupper()}  # Rose is somebody
    limits = {w for w in lows if limiting_word(w) and stem(w) not in nouns and w not in named}
    whose = {m.entity for m in clause.mentions}
    if lows == ["on", "the", "other", "hand"]:
        return True
    if lows[0] in {"assuming", "assume"} and {"sell", "sells", "sold", "available", "points", "correct", "hit"} & set(
        lows
    ):
        return not {t.low for t in rest if limiting_word(t.low)} - {"can", "all", "other", "be"}
    if lows[:2] == ["in", "addition"]:
        rest, lows = rest[2:], lows[2:]
    if not rest:
        return True
    if lows[0] in _CONNECTING and lows[0] != "as":
        while len(lows) > 1 and lows[0] in _CONNECTING:
            rest, lows = rest[1:], lows[1:]
    if not clause.whole and lows[:2] == ["of", "all"] and {stem(w) for w in lows[2:]} - {"the"} <= nouns | _ITEMS:
        return True  # "of all items, at least half must be ...": what the share is of
    if lows in (["on", "any", "day"], ["in", "any", "day"]):
        return True
    if lows[:2] == ["there", "is"] and _UNLIMITED.fullmatch(" ".join(lows)) and len(whose) <= 1:
        return True
    if not whose and clause.whole and len(lows) <= 4 and {"need", "needs"} & set(lows) and stem(lows[-1]) in nouns:
        return lows[-2] in {"need", "needs"}  # "A hospital needs beds", of which there are kinds
    if not whose and (_CHECKED.fullmatch(" ".join(lows)) or _SALABLE.fullmatch(" ".join(lows))):
        return True
    if lows[0] == "to" and not clause.whole and not whose and not limits - _PURPOSES - _AIMS:
        return True  # what something is done for
    if "different" in lows and "each" in lows and set(lows) & DOES and not limits - {"each"} and clause.kinds:
        return True  # "two different teams produce each of these"
    if lows[0] == "with" and "being" in lows and len(whose) <= 1:
        return not limits - _REASON_WORDS
    if (
        lows[-1] in {"needs", "requirements", "demands"}
        and len(lows) <= 3
        and clause.opener in {"and", "or"}
        and not whose
    ):
        return True
    if all(w in _CONNECTING for w in lows) or lows in (["even"], ["respectively"]):
        return True
    if lows[:3] in (["in", "any", "combination"], ["in", "order", "to"]) and len(lows) == 3:
        return True
    helps = lows[0] == "help" or lows[:3] == ["can", "you", "help"]
    if (
        lows[0] in _ASKS
        or (helps and {"determine", "find", "decide", "choose"} & set(lows))
        or any(a in _ASKS for a, b in itertools.pairwise(lows) if b == "how")
        or clause.opener == "how"
        or lows[:2] == ["let", "say"]
    ):
        return not limits - _ASK_WORDS
    if lows[0] == "in" and lows[1:] in (["an", "hour"], ["a", "day"]) and lows[2] in nouns:
        return True  # the things are counted by it
    if _uncounted(clause.tokens):
        return False
    verbs = [t for t in rest if (t.low in VERBS or t.low in _STATES | DOES | _LIKING) and t.stem not in nouns]
    usual = {"usually", "often", "generally", "typically"} & set(lows)
    if usual and (clause.opener in _REASONS or lows[0] in _REASONS) and not limits - _MORE:
        return True  # "since there are usually more A than B"
    if _process(clause, lows, limits, len(whose) in {0, many}):
        return True
    if not whose:
        return _impersonal(clause, lows, rest, limits, bool(verbs), amounts - nouns)
    if len(whose) == many and needed(lows):
        return True
    if len(whose) == many and many > 1 and listed(clause, nouns):
        return listing(clause, nouns)
    if len(whose) > 1:
        return False
    return _of_one(clause, lows, limits, bool(verbs), nouns)


_ITEMS = frozenset({"item", "product", "thing", "good"})
_MORE = frozenset({"more", "less", "fewer", "than"})
_UNITS = GENERIC - {"piece", "item", "unit", "day", "week", "month", "year", "square"}


def _uncounted(tokens: tuple[Token, ...]) -> bool:
    """*an hour*, *a kilogram*: an amount said without a number."""
    return any(
        a.low in {"a", "an"} and b.stem in _UNITS and b.low not in {"amount", "time"}
        for a, b in itertools.pairwise(tokens)
    )


_REQUIRES = frozenset(
    "require requires requiring need needs needing contain contains use uses consist consists involve involves "
    "involving take takes go goes undergo".split()
)


def _process(clause: Clause, lows: list[str], limits: set[str], allowed: bool) -> bool:
    """*Each product requires time on a machine*: of what all things need there are amounts elsewhere."""
    at = next((i for i, w in enumerate(lows) if w in _REQUIRES), None)
    if at is None or not allowed or not {"each", "both", "all", "they"} & set(lows[: at + 1]):
        return False
    verb = next(i for i, t in enumerate(clause.tokens) if t.low in _REQUIRES)
    if any(m.start > verb for m in clause.mentions):
        # "both need almond milk" beside almond cakes: part of a name, and what both are made of
        longest = max(m.end - m.start for m in clause.mentions)
        if lows[0] not in {"both", "they", "all"} or longest > 1 or any(m.start < verb for m in clause.mentions):
            return False
    return not limits - {"each", "both", "all", "have", "shared", "combination", "only"} - _REQUIRES


def needed(lows: list[str]) -> bool:
    """*Feed must be used to raise both ducks and geese*: of which there are amounts elsewhere."""
    if "both" not in lows or not {"must", "is", "are", "needs", "need"} & set(lows):
        return False
    limits = {w for w in lows if limiting_word(w)} - {"both", "must", "needed", "needs", "need", "required"}
    return not limits and bool({"used", "needed", "required"} & set(lows[: lows.index("both")]))


# "There is no such limit on roses"; "all rings have to be approved by a jeweler", whose time has amounts elsewhere.
_UNLIMITED = re.compile(
    r"there is no (?:such )?(?:limit|restriction) (?:on|for)(?: the)?(?: number)?(?: of)?(?: \w+ of)?"
)
_SALABLE = re.compile(
    r"(?:the )?\w+ can sell (?:everything|all) (?:that )?(?:they|it|he|she) (?:make|makes|produce|produces)"
)
_CHECKED = re.compile(
    r"(?:all|both|each)(?: \w+)? (?:have to|has to|must|need to|needs to) "
    r"(?:be (?:quality )?(?:checked|approved|inspected|tested|finished|examined) by|(?:pass|go) through) "
    r"(?:(?:a|an|the)(?: \w+){1,4}|processes)"
)
_TRADES = frozenset(
    "shop store stores company firm business farm farmer factory stand seller supplier maker plant grower".split()
)


def _without_compounds(clause: Clause, nouns: frozenset[str]) -> Clause:
    """A name before another noun is no mention of the thing: *a logging company* beside logging trucks."""
    kept = []
    longest = {m.entity: max(n.end - n.start for n in clause.mentions if n.entity == m.entity) for m in clause.mentions}
    for m in clause.mentions:
        if m.end - m.start < longest[m.entity]:
            continue  # a word of the name alone, beside the name itself
        after = clause.tokens[m.end] if m.end < len(clause.tokens) else None
        heads = after is not None and after.kind == "word" and after.low not in FUNCTION | VERBS | DOES | _LIKING
        trade = after is not None and after.low in _TRADES
        last = m is clause.mentions[-1] and not trade
        if not (heads and after is not None and after.stem not in nouns and not last):
            kept.append(m)
    return replace(clause, mentions=tuple(kept))


def _impersonal(
    clause: Clause, lows: list[str], rest: list[Token], limits: set[str], verbs: bool, amounts: frozenset[str]
) -> bool:
    """No thing is named: a circumstance, a fragment, a purpose, a statement about people."""
    if lows[0] in {"per", "each", "every"} and len(lows) <= 4 and not limits - {"each", "every"}:
        return stem(lows[1]) in TIMES_OF | MEASURES if len(lows) > 1 else False
    reason = clause.opener in _REASONS or lows[0] in _REASONS
    if "both" in lows and {"require", "requires", "need", "needs", "involve", "involving", "requiring"} & set(lows):
        return not limits - {
            "both",
            "share",
            "require",
            "requires",
            "need",
            "needs",
        }  # of what there are amounts elsewhere
    if set(lows) & DOES and (clause.kinds or not any(t.stem in amounts for t in rest)):
        limits = limits - {"can", "could", "need", "needs", "must"}  # "the goods need to be delivered"
    if clause.kinds:
        limits = limits - {"needed", "required", "both", "all"}
    if lows[0] in _CIRCUMSTANCE:
        limits = limits - {"next"}
    if (not verbs and not clause.whole) or {"follows", "known", "given", "below"} & set(lows):
        limits = limits - {"each", "every", "both", "follows"}
    if any(a in {"need", "needs", "must"} and b == "to" for a, b in itertools.pairwise(lows)):
        limits = limits - {"need", "needs"}
    if clause.kinds:
        limits = limits - {"can", "could"}
    if reason or lows[0] == "due":
        limits = limits - {"limited"}
    if lows[0] == "to" and not clause.whole:
        limits = limits - _PURPOSES - {"each", "both"}
    if reason:
        limits = {w for w in limits if w not in _DENIED and "n't" not in w and "n’t" not in w}
    if limits - {"only"} - (_REASON_WORDS if reason else frozenset({"more", "growing"} if set(lows) & _LIKING else ())):
        return False
    if reason or (lows[0] in _CIRCUMSTANCE and not clause.whole):
        return True
    if not limits and not any(t.stem in amounts for t in rest):
        return True  # it speaks of nothing that is counted or measured here
    if "only" in lows:
        return lows[-2:-1] == ["only"] and lows[-1] in _MAKES
    kinds = clause.kinds or any(a.stem in CLASS and b.low == "of" for a, b in itertools.pairwise(rest))
    if lows[:3] == ["it", "is", "a"] or (lows[0] != "it" and lows[1:3] in (["is", "a"], ["is", "an"])):
        return True  # who somebody is
    if not clause.whole and lows[0].endswith("ing") and lows[0] not in {"costing", "sharing", "doubling", "halving"}:
        return True
    told = lows if clause.opener == "and" else lows[1:]
    if any(w in DOES - _STATES - {"has", "have", "cut", "cuts"} for w in told) and lows[0] not in {
        "it",
        "they",
        "this",
        "that",
        "these",
    }:
        return True
    if not clause.whole and clause.opener in {"and", "or"} and not verbs and not limits and len(lows) <= 2:
        return True
    if not clause.whole and clause.opener in {"and", "or"} and lows[0] in {"a", "an"} and len(lows) <= 4:
        return True  # the last of a list
    first = next((i for i, t in enumerate(rest) if t.low in VERBS | _STATES | DOES | _LIKING), len(rest))
    if any(t.stem in amounts for t in rest[:first]) and verbs and not kinds:
        return not clause.whole and clause.opener == "and" and lows[0].endswith(("ed", "ing"))
    if not verbs:
        return not clause.whole
    return lows[0] == "to" or bool(set(lows) & (_STATES | _LIKING | DOES))


def _of_one(clause: Clause, lows: list[str], limits: set[str], verbs: bool, nouns: frozenset[str]) -> bool:
    """One of the things is named: why it is liked, a liking, a bare name."""
    if clause.opener in _REASONS or lows[0] in _REASONS:
        if clause.mentions[-1].end == len(clause.tokens) and len(clause.tokens) > clause.mentions[-1].start > 1:
            limits = limits - {"need", "needs"}  # "since plumbers need brass"
        return not limits - _REASON_WORDS
    if all((w in FUNCTION and not limiting_word(w) and w not in VERBS) or stem(w) in nouns for w in lows):
        return not {"is", "are", "do", "does"} & set(lows)
    if not verbs and not limits - {"both", "each", "every"} and not clause.whole and lows[0] in {"both", "for"}:
        return True  # the first of a list, or for what amounts follow
    if not limits and not clause.whole and lows[0] in {"per", "on", "in", "at", "during"}:
        rest = [w for w in lows if w not in FUNCTION and stem(w) not in nouns | MEASURES]
        if not rest and not set(lows) & {"is", "are", "have", "has"}:
            return True  # "Per acre of beans,": what it is about
    if not verbs and not limits and not clause.whole and len(lows) <= 2 and clause.opener in {"and", "or"}:
        return True  # the last of a list that is none of the things
    if lows[-3:] in (["have", "no", "limit"], ["has", "no", "limit"]):
        return True
    if any(_VARIABLE.fullmatch(w) for w in lows) and not limits - {"per", "each"}:
        told = [w for w in lows if not _VARIABLE.fullmatch(w) and stem(w) not in MEASURES | TIMES_OF | nouns]
        if all(w in {"of", "the", "per", "a", "each"} for w in told):
            return True  # "x2 jars of B per day"
    if set(lows) & _LIKING:
        return not limits - {"more", "become", "becomes", "need"}
    before = [t.low for t in clause.tokens[: clause.mentions[0].start] if t.kind == "word"]
    if set(before) & (_MAKES | _TAKES) and not set(before) & {"it", "they", "this", "which", "that"}:
        return not limits - {"can"}  # somebody makes or offers it
    return lows[0] in {"sell", "sells"} and not limits - {"more"} and "than" not in lows
