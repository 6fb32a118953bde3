"""Words, numbers and sentences of a problem text, each with its place."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

__all__ = ["Sentence", "Token", "alike", "sentences", "stem"]

_WORD = re.compile(
    r"(?P<num>\$?\s?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w-]*[A-Za-z]{2})\s?%?|\$?\s?\.\d+\s?%?)|(?P<word>[^\W_]+(?:[-'’.](?=[^\W_])[^\W_]+)*['’]?)"
    r"|(?P<punct>[.,;:!?()\"“”/&+])"
)
_ONES = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * (i + 2) for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "millions": 10**6, "thousands": 1000}
_PARTS = {
    "half": Fraction(1, 2),
    "third": Fraction(1, 3),
    "thirds": Fraction(1, 3),
    "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4),
    "fourth": Fraction(1, 4),
    "fifth": Fraction(1, 5),
    "fifths": Fraction(1, 5),
    **{w + s: Fraction(1, n) for n, w in ((6, "sixth"), (7, "seventh"), (8, "eighth"), (9, "ninth"), (10, "tenth"))
       for s in ("", "s")},
}  # fmt: skip
_TIMES = {"twice": 2, "double": 2, "triple": 3, "thrice": 3}
_CURRENCY = {"dollar", "dollars", "usd", "euros", "euro", "pounds", "cents"}


@dataclass(eq=False)
class Token:
    """A word, a number or a mark. ``value`` is set for numbers; ``kind`` is word, num or mark."""

    text: str
    kind: str
    start: int
    end: int
    value: Fraction | None = None
    flavour: str = ""
    """money, percent, times (twice, three times) or part (a third)."""

    @cached_property
    def low(self) -> str:
        return self.text.lower()

    @cached_property
    def stem(self) -> str:
        return stem(self.low) if self.kind == "word" else self.low


@dataclass
class Sentence:
    """The tokens of one sentence and its words as they stand."""

    tokens: list[Token]
    text: str
    start: int


_IRREGULAR = {
    "men": "man",
    "potatoes": "potato",
    "tomatoes": "tomato",
    "mangoes": "mango",
    "lens": "lens",
    "lenses": "lens",
    "women": "woman",
    "people": "person",
    "children": "child",
    "feet": "foot",
    "knives": "knife",
    "wives": "wife",
    "mice": "mouse",
    "oxen": "ox",
    "geese": "goose",
    "buses": "bus",
    "busses": "bus",
    "gases": "gas",
    "has": "have",
    "had": "have",
    "does": "do",
    "is": "be",
    "are": "be",
    "made": "make",
    "sold": "sell",
    "bought": "buy",
    "spent": "spend",
    "fed": "feed",
    "brought": "bring",
    "sent": "send",
    "built": "build",
    "held": "hold",
    "given": "give",
    "grown": "grow",
    "pies": "pie",
    "batteries": "battery",
}


_F_PLURALS = ("scarves", "shelves", "loaves", "calves", "halves", "wolves", "hooves", "wharves", "sheaves", "elves")


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A crude stem: plural, possessive and -ing/-ed endings off."""
    word = re.sub(r"['’]s?$", "", word.lower())
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(_F_PLURALS):
        return word[:-3] + "f"  # scarves, bookshelves
    if len(word) > 4 and word.endswith("ie"):
        return word[:-2] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            base = word[: -len(ending)]
            if base[-1] == base[-2] and base[-1] not in "ls":
                base = base[:-1]
            return base
    return word


@lru_cache(maxsize=1 << 14)
def alike(a: str, b: str) -> bool:
    """Whether two stems are forms of one word: equal, or long common beginnings."""
    if a == b:
        return True
    short = min(len(a), len(b))
    if short < 3:
        return False
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    return (common == short and max(len(a), len(b)) - short <= 4 and short >= 3) or (
        common >= 5 and common >= max(len(a), len(b)) - 4
    )


def sentences(text: str) -> list[Sentence]:
    """Sentences with tokens. Number words are numbers; ``one`` is one where it counts something."""
    flat = text.replace("\\$", "$").replace("\\n", "  ").replace("\\%", "%")
    flat = re.sub(r"\$(?=[A-Za-z\\])|(?<=[A-Za-z\d])\$(?!\d)", " ", flat) if re.search(r"\$[A-Za-z]", flat) else flat
    tokens: list[Token] = []
    for match in _WORD.finditer(flat):
        kind = match.lastgroup or "punct"
        if kind == "num":
            raw = match.group()
            # the blanks around it are no part of it: "1 spring. 300 gears", "is 20\n- at most"
            start, end = match.start() + len(raw) - len(raw.lstrip()), match.start() + len(raw.rstrip())
            digits = re.sub(r"[^\d.]", "", raw)
            flavour = "money" if "$" in raw else "percent" if "%" in raw else ""
            value = Fraction(digits.rstrip("."))
            if flavour == "percent":
                value /= 100
            tokens.append(Token(raw.strip(), "num", start, end, value, flavour))
        elif kind == "word":
            word = re.sub(r"['’]s?$", "", match.group())  # possessives are the word itself
            tokens.append(Token(word, "word", match.start(), match.start() + len(word)))
        else:
            tokens.append(Token(match.group(), "mark", match.start(), match.end()))
    tokens = _number_words(_named(tokens))
    out: list[Sentence] = []
    current: list[Token] = []
    for k, token in enumerate(tokens):
        current.append(token)
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        bullet = "\n" in flat[token.end : after.start] if after else False
        if (
            token.text in {".", "!", "?", ";"}
            and (after is None or flat[token.end : after.start] or after.text[:1].isupper())
        ) or (bullet and token.text != ","):
            out.append(_sentence(current, flat))
            current = []
    if current:
        out.append(_sentence(current, flat))
    return [s for s in out if any(t.kind != "mark" for t in s.tokens)]


# Words before a number that are no name of anything, and words that may follow a name.
_NO_NAMES = frozenset(
    "a an the at least most than of to in on by for with and or is are be was were under over only about about from "
    "cost need require take use contain have make produce earn give hold carry pay spend get sell buy only up "
    "per".split()
)
_AFTER_NAMES = frozenset(
    "is are has can will must should for and or than in to from at with on requires require contains takes costs cost "
    "holds uses yields makes produces needs gives earns sells provides consists each while that which".split()
)


def _named(tokens: list[Token]) -> list[Token]:
    """A name with a number is one word: ``Aleph 3`` said more than once, or ``bowl 1`` beside ``bowl 2``."""
    capital: dict[tuple[str, str], int] = {}
    numbered: dict[str, set[str]] = {}
    alone = {stem(a.low) for a, b in itertools.pairwise(tokens) if b.kind != "num"}
    pairs: dict[int, tuple[str, str]] = {}
    for k in range(len(tokens) - 1):
        a, b = tokens[k], tokens[k + 1]
        if not (a.kind == "word" and b.kind == "num" and b.text.isdigit() and b.start - a.end <= 1):
            continue
        pairs[k] = (a.text, b.text)
        if a.text[:1].isupper():
            capital[a.text, b.text] = capital.get((a.text, b.text), 0) + 1
        after = tokens[k + 2] if k + 2 < len(tokens) else None
        ends = after is None or after.kind == "mark" or after.low in _AFTER_NAMES
        if ends and len(b.text) == 1 and not a.low.endswith("s") and a.low not in _NO_NAMES and a.low in alone:
            numbered.setdefault(a.low, set()).add(b.text)
    out: list[Token] = []
    k = 0
    while k < len(tokens):
        word, label = pairs.get(k, ("", ""))
        if word and (capital.get((word, label), 0) > 1 or {"1", "2", label} <= numbered.get(word.lower(), set())):
            out.append(Token(f"{word} {label}", "word", tokens[k].start, tokens[k + 1].end))
            k += 2
            continue
        out.append(tokens[k])
        k += 1
    return out


def _sentence(tokens: list[Token], text: str) -> Sentence:
    return Sentence(tokens, text[tokens[0].start : tokens[-1].end], tokens[0].start)


def _number_words(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    k = 0
    while k < len(tokens):
        token = tokens[k]
        merged = _spelled(tokens, k)
        if merged is None:
            out.append(token)
            k += 1
            continue
        number, k = merged
        out.append(number)
    return _flavours(out)


def _spelled(tokens: list[Token], k: int) -> tuple[Token, int] | None:
    """A number in words from ``k`` on, and where it ends."""
    first = tokens[k]
    if first.low == "one" and _pronoun(tokens, k):
        return None
    many, dash, part = first.low.partition("-")
    if dash and many in _ONES and part in _PARTS:
        return Token(first.text, "num", first.start, first.end, _ONES[many] * _PARTS[part], "part"), k + 1
    if first.kind == "word" and first.low in _TIMES:
        return Token(first.text, "num", first.start, first.end, Fraction(_TIMES[first.low]), "times"), k + 1
    total, group, end, seen = 0, 0, k, False
    at = k
    while at < len(tokens) and tokens[at].kind == "word":
        pieces = tokens[at].low.split("-")
        if not all(p in _ONES or p in _TENS or p in _SCALES for p in pieces):
            if not (
                seen
                and tokens[at].low == "and"
                and at + 1 < len(tokens)
                and tokens[at + 1].low in {**_ONES, **_TENS}
                and tokens[at - 1].low in _SCALES
            ):
                break
            at += 1
            continue
        for p in pieces:
            if p in _SCALES:
                group = (group or 1) * _SCALES[p]
                if _SCALES[p] >= 1000:
                    total, group = total + group, 0
            else:
                group += _ONES.get(p, 0) + _TENS.get(p, 0)
        seen = True
        at += 1
        end = at
    if not seen:
        if first.kind == "num" and first.flavour != "percent" and k + 1 < len(tokens) and tokens[k + 1].low in _SCALES:
            assert first.value is not None
            scale = _SCALES[tokens[k + 1].low]
            return Token(first.text, "num", first.start, tokens[k + 1].end, first.value * scale, first.flavour), k + 2
        return None
    return Token(
        " ".join(t.text for t in tokens[k:end]), "num", first.start, tokens[end - 1].end, Fraction(total + group)
    ), end


def _pronoun(tokens: list[Token], k: int) -> bool:
    """Whether ``one`` stands for a noun: ``each premium one``."""
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    return (
        after is None
        or after.kind == "mark"
        or after.low
        in {"is", "can", "has", "takes", "requires", "and", "or", "while", "by", "another", "who", "that", "which"}
    )


_COMPARES = frozenset("as more the that of greater larger fewer less higher bigger".split())


def _flavours(tokens: list[Token]) -> list[Token]:
    """Three times, a third, two thirds, half, 30 percent, 3000 dollars."""
    out: list[Token] = []
    k = 0
    while k < len(tokens):
        token = tokens[k]
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        low = token.low
        if token.kind == "num" and not token.flavour and after is not None:
            assert token.value is not None
            if after.low == "times" and k + 2 < len(tokens) and tokens[k + 2].low in _COMPARES:
                out.append(Token(token.text + " times", "num", token.start, after.end, token.value, "times"))
                k += 2
                continue
            if after.low in {"percent", "per-cent"}:
                out.append(Token(token.text + "%", "num", token.start, after.end, token.value / 100, "percent"))
                k += 2
                continue
            if after.low in {"dozen", "dozens"}:
                out.append(Token(f"{token.text} {after.text}", "num", token.start, after.end, token.value * 12))
                k += 2
                continue
            if after.low in _PARTS and after.low != "half":
                out.append(
                    Token(
                        f"{token.text} {after.text}",
                        "num",
                        token.start,
                        after.end,
                        token.value * _PARTS[after.low],
                        "part",
                    )
                )
                k += 2
                continue
            if after.low in _CURRENCY:
                scale = Fraction(1, 100) if after.low == "cents" else Fraction(1)
                out.append(
                    Token(f"{token.text} {after.text}", "num", token.start, after.end, token.value * scale, "money")
                )
                k += 2
                continue
        if low in {"a", "one"} and after is not None and after.low == "dozen":
            out.append(Token(f"{token.text} {after.text}", "num", token.start, after.end, Fraction(12)))
            k += 2
            continue
        if (
            token.kind == "word"
            and low in _PARTS
            and out
            and (out[-1].low in {"a", "one", "least", "most", "than"} or low == "half")
        ):
            previous = out[-1]
            if previous.low in {"a", "one"}:
                out.pop()
            out.append(Token(token.text, "num", token.start, token.end, _PARTS[low], "part"))
            k += 1
            continue
        if token.kind == "num" and token.flavour == "money" and after is not None and after.low in _CURRENCY:
            out.append(token)
            k += 2
            continue
        out.append(token)
        k += 1
    return out
