"""The signs of a sentence: see :mod:`quod.translators.controlled.milp.relations`."""

# ruff: noqa: E501 - each phrase stands on one line

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from quod.translators.controlled.milp.entities import Entities, mentions
from quod.translators.controlled.milp.lexicon import GENERIC
from quod.translators.controlled.milp.tokens import Sentence, Token

__all__ = ["DANGER", "Sign", "signs"]


@dataclass(frozen=True)
class Sign:
    """``kind`` is one letter: E a thing, N a number, T a multiplier, O a comparison, S sum, D difference, A and,
    P plus, W with, M minus, R more, F fewer, H than, B by, Z between, C calculated as, L all of them, X exceeds,
    U of the whole, Q as, e each of them, r respectively; the small letters are prepositions and class nouns."""

    kind: str
    entity: int = -1
    value: Fraction = Fraction(0)
    op: str = ""
    strict: bool = False


_NOT = r"(?:cannot|can ?not|can['’]t|(?:must|should|may|shall|does|do|will|to|can)\s+not|must never|not)"
_BE = r"(?:\s+be)?(?:\s+allocated)?"
# The comparison words, longest first; each with its kind.
# Any verb between a plain "cannot" and "more than" leaves the meaning: "may not accept more than 700".
_FORBIDS = r"(?:cannot|can ?not|can['’]t|(?:must|should|may|shall|will|can)\s+not)"
_DOES = (
    r"(?:\s+(?!need|have|require|only|just|be\b|not\b|always|all\b|both\b|each\b)[a-z]+(?:\s+(?:up|in|for|out|on))?)"
)
_PHRASES: tuple[tuple[str, str, str, bool], ...] = (
    (rf"{_FORBIDS}{_DOES}\s+(?:more|greater|larger|higher|longer)\s+than", "O", "<=", False),
    (rf"{_FORBIDS}{_DOES}\s+(?:less|fewer|lower|smaller)\s+than", "O", ">=", False),
    (rf"{_FORBIDS}\s+go\s+(?:over|above|beyond)", "O", "<=", False),
    (rf"{_NOT}{_BE}\s+(?:longer|heavier)\s+than", "O", "<=", False),
    (r"(?:owns?|possess(?:es)?|employs?)(?:\s+(?:just|only))?(?=\s+\d)", "O", "<=", False),
    (r"(?:(?:has|have|there\s+are)\s+(?:only|just)|still\s+(?:has|have)|(?:has|have)\s+still)(?=\s+\d)", "O", "<=", False),
    (r"can\s+only\s+[a-z]+(?=\s+\d)", "O", "<=", False),
    (r"only(?=\s+\d[\d,.]*\s+(?:[a-z]+\s+){1,5}(?:is|are)\s+(?:available|on\s+hand|in\s+stock)\b)", "O", "<=", False),
    (r"(?:must|should|has\s+to|have\s+to|needs?\s+to)\s+outnumber", "X", ">=", True),
    (rf"{_NOT}\s+(?:exceed|surpass)(?:\s+a\s+(?:maximum|total|limit)(?:\s+of)?)?", "O", "<=", False),
    (rf"{_NOT}\s+(?:go|fall|drop|be)\s+(?:below|under)", "O", ">=", False),
    (rf"{_NOT}\s+(?:go|be)\s+(?:above|beyond)", "O", "<=", False),
    (r"at\s+(?:the\s+)?least\s+(?:equal\s+to|as\s+(?:much|many|large|great|high)\s+as)", "O", ">=", False),
    (r"at\s+(?:the\s+)?most\s+(?:equal\s+to|as\s+(?:much|many|large|great|high)\s+as)", "O", "<=", False),
    (rf"{_NOT}{_BE}\s+(?:more|greater|larger|higher)\s+than", "O", "<=", False),
    (rf"{_NOT}{_BE}\s+(?:less|fewer|lower|smaller)\s+than", "O", ">=", False),
    (r"no\s+(?:more|greater|larger|higher)\s+than", "O", "<=", False),
    (r"no\s+(?:less|fewer|lower|smaller)\s+than", "O", ">=", False),
    (r"(?:greater|more|larger|higher)\s+than\s+or\s+equal\s+to", "O", ">=", False),
    (r"(?:less|fewer|smaller|lower)\s+than\s+or\s+equal\s+to", "O", "<=", False),
    (r"as\s+(?:many|much)", "Q", "", False),
    (r"at\s+(?:a\s+)?(?:least|minimum)", "O", ">=", False),
    (r"at\s+(?:a\s+)?(?:most|maximum)", "O", "<=", False),
    (r"up\s+to(?:\s+a\s+maximum(?:\s+of)?)?", "O", "<=", False),
    (
        (r"(?:(?:is|are|be)\s+)?(?:limited|constrained|restricted|capped)\s+(?:to|at"
        r"|by)(?:\s+(?:a\s+maximum\s+of|at\s+most|no\s+more\s+than))?"),
        "O", "<=", False,
    ),
    (r"(?:an?\s+|the\s+)?(?:upper\s+)?limit\s+(?:is\s+)?(?:set\s+at|of)(?:\s+hiring)?", "O", "<=", False),
    (r"(?:an?\s+)?(?:floor|lower\s+(?:bound|limit))(?:\s+value)?\s+of", "O", ">=", False),
    (r"(?:an?\s+)?(?:ceiling|cap|upper\s+bound)(?:\s+value)?\s+of", "O", "<=", False),
    (r"(?:exactly\s+)?equals?(?:\s+to)?(?:\s+exactly)?", "O", "=", False),
    (r"exactly", "O", "=", False),
    (
        (r"(?:a\s+)?maximum(?:\s+(?:limit|capacity|allocation|number|value|allowance"
        r"|enrollment|threshold|allowable))*(?:\s+of)?"),
        "O", "<=", False,
    ),
    (
        (r"(?:a\s+)?minimum(?:\s+(?:limit|requirement|allocation|number|value|threshold"
        r"|excess))*(?:\s+of)?"),
        "O", ">=", False,
    ),
    (r"(?:must|should|(?:has|have|needs?)\s+to|shall)\s+(?:exceed|surpass)(?=\s+\$?\d)", "O", ">=", True),
    (r"(?:exceeds?|surpass(?:es)?|outnumbers?)", "X", ">=", True),
    (r"along\s+with|together\s+with|combined\s+with", "W", "", False),
    (
        (r"(?:the\s+)?sum|combined|combination|combining|total|totall?ing|collective(?:ly)?"
        r"|together|jointly|aggregate|altogether|overall"),
        "S", "", False,
    ),
    (r"differences?", "D", "", False),
    (r"minus", "M", "", False),
    (r"plus|added\s+(?:to|with)", "P", "", False),
    (r"(?:more|greater|larger|higher|additional|excess|surplus)", "R", "", False),
    (r"(?:less|fewer|lower|smaller)", "F", "", False),
    (r"than|over|compared\s+(?:to|with)", "H", "", False),
    (r"between|ranges?|ranging", "Z", "", False),
    (
        (r"(?:calculated|computed|quantified|measured|determined|defined|given)\s+(?:as"
        r"|by)|equivalent\s+to|i\.e\."),
        "C", "", False,
    ),
    (r"and|as\s+well\s+as", "A", "", False),
)  # fmt: skip
_PATTERN = re.compile("|".join(rf"(?P<p{i}>\b(?:{p})\b)" for i, (p, *_) in enumerate(_PHRASES)), re.IGNORECASE)
_WHOLE = re.compile(
    r"of\s+(?:the\s+)?(?:total|entire|whole|all)(?:\s+the)?\s+(?:planted\s+|combined\s+)?[a-z]+"
    r"(?!\s+(?:of|for|cost|weight|time|budget|profit|and|or)\b)|"
    r"of\s+the\s+(?:blend|mixture|mix|total|whole|fleet)(?!\s+[a-z]*(?:of|for|cost|weight|time|budget|profit)\b)",
    re.IGNORECASE,
)
# Words that change what a relation says and that no sign stands for: the sentence is not read.
DANGER = frozenset(
    """square squares squared cube cubed ratio ratios percent percentage proportion proportional average mean once never
    neither nor not no none unless when until except subtracted subtracting subtract negative divided
    multiplied multiply
    same equal double triple doubled tripled again least most inverse reciprocal absolute excluding remaining if
    quadruple quadrupled quintuple loss losses lose loses cannot
    fifth fourth rest twofold dozen dozens pair pairs couple gross expected hoped may might could percent
    reduced increased decreased multiple multiples preferably ideally usually normally typically hopefully
    originally formerly previously""".split()
)
_FOLD = re.compile(r"\w+-?fold")
_NEAR_NUMBER = frozenset("above below under within beyond about around".split())
_COUNTED = frozenset("allocation production number investment quantity output resources units".split())
_LENGTHS = frozenset("meter metre foot feet yard mile kilometer kilometre inch centimeter".split())
_HARMLESS_PER = frozenset("unit units week day month year quarter shift hour".split())


def signs(sentence: Sentence, entities: Entities, goals: set[int]) -> tuple[list[Sign], str]:
    """The signs in order, and the first word of the sentence that makes it unreadable (or nothing)."""
    tokens = sentence.tokens
    if not tokens:
        return [], ""
    places = {t.start: k for k, t in enumerate(tokens)}
    phrases: dict[int, tuple[int, Sign]] = {}
    raw = " " * sentence.start + sentence.text
    for match in _PATTERN.finditer(raw):
        if match.start() not in places or match.start() in goals:
            continue
        _, kind, op, strict = _PHRASES[int((match.lastgroup or "p0")[1:])]
        phrases[places[match.start()]] = (match.end(), Sign(kind, op=op, strict=strict))
    found = {m.start: m for m in mentions(sentence, entities)}
    row: list[Sign] = []
    danger = ""
    k = 0
    many = len(entities.names)
    while k < len(tokens):
        token = tokens[k]
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        if k in found:
            if row and row[-1].kind == "L" and row[-1].op:
                row.pop()  # projects X and Y, the projects of type X
            row.append(Sign("E", entity=found[k].entity))
            k = found[k].end
            continue
        if token.low == "of" and row and row[-1].kind == "T":
            whole = _WHOLE.match(raw, token.start)
            if whole and not any(m.start <= j < m.end for m in found.values() for j, t in enumerate(tokens)
                                 if token.start <= t.start < whole.end()):  # fmt: skip
                row.append(Sign("U"))
                while k < len(tokens) and tokens[k].start < whole.end():
                    k += 1
                continue
        if k in phrases and not (token.value is not None):
            end, sign = phrases[k]
            row.append(sign)
            if _in_total(tokens, k, entities):
                row.append(Sign("l"))
            k += 1
            while k < len(tokens) and tokens[k].start < end:
                k += 1
            continue
        if token.value is not None:
            negative = bool(re.search(r"(?:^|[\s(])[-−–]$", raw[max(0, token.start - 2) : token.start]))
            minus = re.search(r"[-−–]\$?$", raw[max(0, token.start - 2) : token.start])
            if minus and (not negative or token.flavour):
                danger = danger or f"-{token.text}"
            if _these(tokens, k, len({m.entity for m in found.values()})):
                k += 1  # these two projects, which are named
                continue
            k += _number(tokens, k, many, row, negative)
            if row and row[-1].kind == "%":
                danger = danger or token.text
            continue
        if token.text in {",", ";", ":", "(", ")"} or token.low in {"while", "whereas"}:
            row.append(Sign(","))
        elif token.low in {"both", "all", "these"}:
            row.append(Sign("L"))
        elif token.low == "by":
            row.append(Sign("B"))
        elif token.low == "or":
            row.append(Sign("o"))
        elif token.low == "each" and _apiece(tokens, k):
            row.append(Sign("e"))
        elif token.low == "respectively":
            row.append(Sign("r"))
        elif token.low in _NEAR_NUMBER:
            row.append(Sign("!"))
        elif token.stem in entities.shared and token.stem in _plurals(token):
            row.append(Sign("L", op="class"))
        elif token.low in _COUNTED and row and row[-1].kind == "S":
            row.append(Sign("l"))
        elif token.low == "product" and after is not None and after.low == "of":
            danger = danger or token.text
        elif token.low in {"as", "to", "from"}:
            row.append(Sign({"as": "q", "to": "t", "from": "f"}[token.low]))
        elif token.low == "per" and after is not None and after.low in _HARMLESS_PER:
            k += 1
        elif token.low == "square" and after is not None and after.stem in _LENGTHS:
            pass  # square meters
        elif token.low == "per" or ((token.low in DANGER or _FOLD.fullmatch(token.low)) and token.start not in goals):
            danger = danger or token.text
        k += 1
    return row, danger


def _plurals(token: Token) -> frozenset[str]:
    """The stem of a plural noun, nothing for a singular: ``projects`` are all of them, a ``project`` is not."""
    return frozenset({token.stem}) if token.low.endswith("s") and token.stem != token.low else frozenset()


def _in_total(tokens: list[Token], k: int, entities: Entities) -> bool:
    """Whether ``units in total``, ``projects in total`` stand here: everything is counted."""
    words = [t.low for t in tokens[max(0, k - 1) : k + 1]]
    return words == ["in", "total"] and k > 1 and tokens[k - 2].stem in GENERIC | entities.shared


def _these(tokens: list[Token], k: int, named: int) -> bool:
    spelled = tokens[k].text[:1].isalpha() and not tokens[k].flavour
    return spelled and k > 0 and tokens[k - 1].low in {"these", "those"} and tokens[k].value == named


_MODALS = frozenset("must should can will may shall".split())


def _apiece(tokens: list[Token], k: int) -> bool:
    """Whether ``each`` says that a number holds of every one: ``must each receive 5``, ``up to 20 units each``."""
    if tokens[k - 1].low in _MODALS and k:
        return True
    after = tokens[k + 1] if k + 1 < len(tokens) else None
    return (after is None or after.kind == "mark" or after.low in {"and", "while", "whereas", "but"}) and any(
        t.value is not None for t in tokens[max(0, k - 4) : k]
    )


def _number(tokens: list[Token], k: int, many: int, row: list[Sign], negative: bool) -> int:
    """The sign of a number, and how many tokens it takes."""
    token, after = tokens[k], tokens[k + 1] if k + 1 < len(tokens) else None
    value = token.value
    assert value is not None
    if token.flavour == "percent":
        # a part of a thing; a bare percentage is of something unsaid
        of = after is not None and after.low in {"of", "for"}
        row.append(Sign("T" if of else "%", value=value))
        return 1
    if token.flavour in {"times", "part"}:
        row.append(Sign("T", value=value))
        return 1
    if after is not None and after.low == "times":
        row.append(Sign("T", value=value))
        return 2
    spelled = token.text[:1].isalpha()
    if k and tokens[k - 1].low in {"every", "each", "per"}:
        spelled = False  # for every two units
    if spelled and k and tokens[k - 1].low in {"first", "last", "other"} and value < many:
        return 1  # the first two projects, named beside
    counts = after is not None and after.low in {"unit", "units"} and k + 2 < len(tokens) and tokens[k + 2].low == "of"
    noun = after is not None and after.kind == "word" and not counts
    if spelled and value == many and noun and not (row and row[-1].kind in "OR"):
        row.append(Sign("L"))  # these two projects: all of them
        return 1
    if spelled and value == 1 and after is not None and after.low == "of":
        row.append(Sign("?"))  # one of them: which?
        return 1
    if spelled and value == 1 and not (row and row[-1].kind in "OR"):
        counted = [s.kind for s in row[-3:]]
        if not (counts and counted in (["N", "E", "A"], ["N", "E", "P"])):
            return 1  # "one unit of" beside "two units of" is a count
    row.append(Sign("N", value=-value if negative else value, strict=token.flavour == "money"))
    return 1
