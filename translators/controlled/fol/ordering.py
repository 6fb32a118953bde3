"""Puzzles about an order: so many things in a row, a race, by age or by price; who is where?

The things listed are put one to one on places ``1..n``. Each scale has a low and a high end; ``is to the left of``,
``finished above``, ``is newer than`` compare places, ``the second from the right``, ``finished last`` and
``the second-newest`` name one. A text uses one scale, or several on which each thing has a place of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quod.translators.controlled.fol.grades import Form, grade
from quod.translators.controlled.fol.lexicon import CLOSED, NUMBERS, ORDINALS, is_open, singular
from quod.translators.controlled.fol.logic import Formula
from quod.translators.controlled.fol.questions import asked_of
from quod.translators.controlled.fol.sentences import Sentence
from quod.translators.controlled.fol.symbols import Unread, identifier

__all__ = ["Order", "is_ordering", "open_order", "read_order_sentence", "read_order_who"]


@dataclass(frozen=True)
class Scale:
    """A scale: place 1 is its low end."""

    name: str
    strict: bool
    """Whether two things can never share a place (in a row, in a race)."""
    place: str
    """How a place is spoken of; ``x`` is the thing."""


_ROW = Scale("row", True, "the place of x from the left")
_RACE = Scale("race", True, "the rank of x")


def _scale(name: str) -> Scale:
    return Scale(name, False, f"the place of x by {name}")


@dataclass
class Order:
    """The things of a puzzle by the words for them, and the scales used so far."""

    things: dict[str, str] = field(default_factory=dict)
    """Words of a thing (lower case, without article) to its identifier."""
    glosses: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    """The plural noun of the listing."""
    scales: dict[str, Scale] = field(default_factory=dict)
    fixed: bool = False
    """Whether the text says that the order is strict."""
    words: frozenset[str] = frozenset()
    """Every word of the text, in lower case."""
    announced: set[int] = field(default_factory=set)
    """How many things the text says there are, where it does."""

    def use(self, scale: Scale) -> str:
        """The function of a scale."""
        self.scales.setdefault(scale.name, scale)
        return (
            f"place_{scale.name}" if scale.name not in {"row", "race"} else ("place" if scale.name == "row" else "rank")
        )


_COUNT = "(" + "|".join([*list(NUMBERS)[2:], r"\d+"]) + ")"
_LISTING = re.compile(
    rf"(?P<frame>.*?)\b(?P<count>{_COUNT})\s+(?P<kind>[a-z]+)\s*:\s*(?P<items>.+?)[.]?$", re.IGNORECASE | re.DOTALL
)
_FIXED = re.compile(
    rf"the following paragraphs? (each )?describes? a set of {_COUNT} (objects|things|items) "
    r"arranged in a fixed order\.",
    re.IGNORECASE,
)
_SOUND = re.compile(r"the statements are logically consistent( within each paragraph)?\.", re.IGNORECASE)
# The frame of a listing only sets the scene; any of these leaves nothing unsaid about the order.
_FRAMES = re.compile(
    r"((on|in|at) (a|an|the) [a-z]+( [a-z]+){0,3},?\s+)?(there (are|were|is)|(a|an|the) [a-z]+( [a-z]+)? "
    r"(sells|has|had|sold|holds|contains|displays|shows))\s*$",
    re.IGNORECASE,
)


_SET = frozenset("on in at a an the there are were is sells has had sold holds contains displays shows".split())
"""What a frame is made of besides nouns and adjectives."""


def is_ordering(premises: tuple[Sentence, ...]) -> bool:
    """Whether the text lists things to be put in order."""
    return any(_LISTING.fullmatch(s.text) for s in premises)


def open_order(
    premises: tuple[Sentence, ...], text: str
) -> tuple[Order, list[Sentence], list[tuple[Sentence, Unread]]]:
    """The things listed, the sentences still to be read, and scene-setting sentences that could not be read."""
    order = Order(words=frozenset(re.findall(r"[a-z]+", text.lower())))
    rest: list[Sentence] = []
    failed: list[tuple[Sentence, Unread]] = []
    for s in premises:
        text = " ".join(s.text.split())
        if match := _FIXED.fullmatch(text):
            order.fixed = True
            order.announced.add(_number(match[2]))
        elif _SOUND.fullmatch(text):
            continue
        elif (listing := _LISTING.fullmatch(text)) and not order.things:
            try:
                _listed(order, listing)
            except Unread as error:
                failed.append((s, error))
        else:
            rest.append(s)
    tenses = {"is": "is", "are": "is", "was": "was", "were": "was"}
    spoken = [(s, tenses[w]) for s in rest for w in re.findall(r"\b(?:is|are|was|were)\b", s.text.lower())]
    if changed := next((s for s, tense in spoken if tense != spoken[0][1]), None):
        failed.append((changed, Unread(changed.text, "say how things stand at one time only")))
    if order.things and order.announced - {len(order.things)}:
        said = premises[0]
        failed.append((said, Unread(said.text, f"{len(order.things)} things are listed")))
    return order, rest, failed


def _number(word: str) -> int:
    return NUMBERS.get(word.lower(), -1) if not word.isdigit() else int(word)


def _listed(order: Order, listing: re.Match[str]) -> None:
    frame = listing["frame"].strip() or "there are"
    if not _FRAMES.fullmatch(frame) or any(
        not is_open(w) for w in re.findall("[a-z]+", frame.lower()) if w not in _SET
    ):
        raise Unread(listing["frame"], "introduce the things plainly: 'There are three books: …'")
    items = re.split(r",\s*(?:and\s+)?|\s+and\s+", listing["items"])
    for item in items:
        words = re.sub(r"^(an?|the)\s+", "", item.strip(), flags=re.IGNORECASE)
        first, *others = words.lower().split() or [""]
        plain = re.fullmatch(r"[A-Za-z][\w-]*( [\w-]+)*", words)
        # "second a grey jar" says more than what there is; "box A" does not
        if (
            not plain
            or first in CLOSED
            or first in {*ORDINALS, "last"}
            or "a" in others[:-1]
            or {w for w in others if w not in NUMBERS} & CLOSED - {"a"}
        ):
            raise Unread(item or listing["items"])
        key = words.lower()
        if key in order.things:
            raise Unread(item, "it is listed twice")
        other = next(
            (t for t in order.things if set(t.split()) < set(key.split()) or set(key.split()) < set(t.split())), ""
        )
        if other:
            raise Unread(item, f"it is not clear whether this is also '{other}'")
        order.things[key] = identifier(words)
        order.glosses[key] = words if words[0].isupper() else f"the {words}"
    order.kind = listing["kind"].lower()
    order.announced.add(_number(listing["count"]))


def _thing(order: Order, words: str) -> str:
    """The identifier of a thing spoken of."""
    key = re.sub(r"^the\s+", "", words.strip(), flags=re.IGNORECASE).lower()
    if key in order.things:
        return order.things[key]
    raise Unread(words, "it is not among the things listed")


_THING = r"(?P<{}>(?:the\s+)?[A-Za-z][\w-]*(?:\s+[\w-]+){{0,3}}?)"
_BE = r"\s+(?:is|are|was|were)\s+"
_ORD = "(?:" + "|".join(ORDINALS) + ")"
_A, _B, _C = _THING.format("a"), _THING.format("b"), _THING.format("c")
_IS = rf"{_A}{_BE}(?P<not>not\s+)?"
_DEGREE = rf"(?:(?P<nth>{_ORD})[-\s]+)?"
_SOURCES = {
    "side": (
        rf"{_IS}(?P<next>immediately\s+|directly\s+|just\s+)?(?:somewhere\s+)?(?:to the\s+)?"
        rf"(?P<side>left|right) of {_B}"
    ),
    "middle": rf"{_IS}(?:in|exactly in|at) the (?:middle|cent(?:er|re))",
    "between": rf"{_IS}(?:somewhere\s+)?between {_B} and {_C}",
    "beside": rf"{_IS}(?:immediately\s+|directly\s+)?(?:next to|adjacent to|beside) {_B}",
    "end": rf"{_IS}(?:the\s+)?(?P<end>left|right)most",
    "nth_side": rf"{_IS}(?:the\s+)?(?P<nth>{_ORD}) from the (?P<side>left|right)",
    "above": (rf"{_A}\s+(?:finished|ranked|placed|came)\s+(?P<dir>above|below|ahead of|behind|before|after) {_B}"),
    "rank": (
        rf"{_A}\s+(?P<not>did not\s+)?(?:finished|finish|ranked|rank|placed|place|came|come)\s+(?:in\s+)?"
        rf"(?P<nth>{_ORD}|last)(?P<last>-to-last)?(?:\s+place)?"
    ),
    "more": rf"{_IS}(?P<more>more|less)\s+(?P<adj>[a-z]+)\s+than\s+{_B}",
    "comparative": rf"{_IS}(?P<adj>[a-z]+)\s+than\s+{_B}",
    "most": rf"{_IS}the\s+{_DEGREE}(?P<most>most|least)[-\s]+(?P<adj>[a-z]+)",
    "superlative": rf"{_IS}the\s+{_DEGREE}(?P<adj>[a-z]+st)",
}
_PATTERNS = {name: re.compile(source, re.IGNORECASE) for name, source in _SOURCES.items()}


def read_order_sentence(text: str, order: Order) -> Formula:
    """The formula of one sentence about the order. Raises Unread."""
    body = " ".join(text.split()).rstrip(".")
    for name, pattern in _PATTERNS.items():
        match = pattern.fullmatch(body)
        if match:
            f = _READ[name](match, order)
            return ("not", f) if match.groupdict().get("not") else f
    raise Unread(body, "say where it is: 'The red book is to the left of the blue book', 'Ada finished second'")


def read_order_who(text: str, order: Order) -> list[tuple[str, str, Formula]]:
    """For ``Who finished second?``, what it would be for each thing: identifier, words and formula. Raises Unread."""
    kind, rest = asked_of(text)
    if kind and kind not in {order.kind, singular(order.kind)}:
        raise Unread(text, f"ask which of the {order.kind}")
    found = []
    for words, name in order.things.items():
        said = f"{order.glosses[words]} {rest}"
        found.append((name, said[:1].upper() + said[1:], read_order_sentence(said, order)))
    return found


def _at(order: Order, function: str, thing: str, nth: int, low: bool) -> Formula:
    count = len(order.things)
    if not 1 <= nth <= count:
        raise Unread(f"{nth}", f"there are only {count} places")
    return ("=", f"{function}({thing})", str(nth if low else count + 1 - nth))


def _before(function: str, a: str, b: str) -> Formula:
    if a == b:
        raise Unread(a, "a thing is compared with itself")
    return ("<", f"{function}({a})", f"{function}({b})")


def _pair(match: re.Match[str], order: Order) -> tuple[str, str]:
    return _thing(order, match["a"]), _thing(order, match["b"])


def _middle(match: re.Match[str], order: Order) -> Formula:
    count = len(order.things)
    if count % 2 == 0:
        raise Unread(match.group(), f"{count} places have no middle one")
    return _at(order, order.use(_ROW), _thing(order, match["a"]), count // 2 + 1, low=True)


def _between(match: re.Match[str], order: Order) -> Formula:
    a, b, c = (_thing(order, match[k]) for k in "abc")
    f = order.use(_ROW)
    return ("or", ("and", _before(f, b, a), _before(f, a, c)), ("and", _before(f, c, a), _before(f, a, b)))


def _side(match: re.Match[str], order: Order) -> Formula:
    a, b = _pair(match, order)
    f = order.use(_ROW)
    if match["side"].lower() == "right":
        a, b = b, a
    return _next(order, f, a, b) if match["next"] else _before(f, a, b)


def _next(order: Order, function: str, a: str, b: str) -> Formula:
    """``a`` is directly before ``b``."""
    if a == b:
        raise Unread(a, "a thing is compared with itself")
    places = range(1, len(order.things))
    parts = [("and", ("=", f"{function}({a})", str(i)), ("=", f"{function}({b})", str(i + 1))) for i in places]
    return ("or", *parts)


def _beside(match: re.Match[str], order: Order) -> Formula:
    a, b = _pair(match, order)
    f = order.use(_ROW)
    return ("or", _next(order, f, a, b), _next(order, f, b, a))


def _end(match: re.Match[str], order: Order) -> Formula:
    return _at(order, order.use(_ROW), _thing(order, match["a"]), 1, match["end"].lower() == "left")


def _nth_side(match: re.Match[str], order: Order) -> Formula:
    nth = ORDINALS[match["nth"].lower()]
    return _at(order, order.use(_ROW), _thing(order, match["a"]), nth, match["side"].lower() == "left")


def _above(match: re.Match[str], order: Order) -> Formula:
    a, b = _pair(match, order)
    if match["dir"].lower() in {"below", "behind", "after"}:
        a, b = b, a
    return _before(order.use(_RACE), a, b)


def _rank(match: re.Match[str], order: Order) -> Formula:
    thing = _thing(order, match["a"])
    word = match["nth"].lower()
    if word == "last":
        if match["last"]:
            raise Unread(match.group())
        return _at(order, order.use(_RACE), thing, 1, low=False)
    return _at(order, order.use(_RACE), thing, ORDINALS[word], low=not match["last"])


def _graded(match: re.Match[str], form: Form, order: Order) -> tuple[Scale, bool]:
    """The scale an adjective speaks of, and whether the word points to its low end."""
    found = grade(match["adj"].lower(), form, order.words)
    if found.known:
        return _scale(found.scale), found.low
    least = f"{found.scale}est" if form != "plain" else found.scale
    return Scale(found.scale, False, f"the place of x from the least {least} up"), found.low


def _more(match: re.Match[str], order: Order) -> Formula:
    scale, low = _graded(match, "plain", order)
    a, b = _pair(match, order)
    if low == (match["more"].lower() == "less"):
        a, b = b, a
    return _before(order.use(scale), a, b)


def _comparative(match: re.Match[str], order: Order) -> Formula:
    scale, low = _graded(match, "comparative", order)
    a, b = _pair(match, order)
    return _before(order.use(scale), *((a, b) if low else (b, a)))


def _most(match: re.Match[str], order: Order) -> Formula:
    scale, low = _graded(match, "plain", order)
    nth = ORDINALS[match["nth"].lower()] if match["nth"] else 1
    return _at(order, order.use(scale), _thing(order, match["a"]), nth, low == (match["most"].lower() == "most"))


def _superlative(match: re.Match[str], order: Order) -> Formula:
    scale, low = _graded(match, "superlative", order)
    nth = ORDINALS[match["nth"].lower()] if match["nth"] else 1
    return _at(order, order.use(scale), _thing(order, match["a"]), nth, low)


_READ = {
    "side": _side, "beside": _beside, "end": _end, "nth_side": _nth_side, "above": _above, "rank": _rank,
    "middle": _middle, "between": _between, "more": _more, "comparative": _comparative, "most": _most,
    "superlative": _superlative,
}  # fmt: skip


def header(order: Order) -> list[str]:
    """The declarations: things, places, one function a scale, each a bijection."""
    lines = ["sorts:", f"  place_no = 1..{len(order.things)}", f"  item = {{{', '.join(order.things.values())}}}"]
    lines.append("functions:")
    lines += [
        f"  {order.use(scale)}(x: item) -> place_no bijective ::: {scale.place}"
        for scale in list(order.scales.values())
    ]
    return lines
