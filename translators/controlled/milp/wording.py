"""A text of relations made plain: markup, brackets and glosses taken off before it is read.

See :mod:`quod.translators.controlled.milp.relations`.
"""

from __future__ import annotations

import itertools
import re

from quod.translators.controlled.milp.entities import Entities, key, mentions
from quod.translators.controlled.milp.lexicon import FUNCTION, GENERIC, VERBS
from quod.translators.controlled.milp.naming import candidates
from quod.translators.controlled.milp.phrases import rephrased
from quod.translators.controlled.milp.scanner import class_nouns
from quod.translators.controlled.milp.tokens import Sentence, stem
from quod.translators.controlled.milp.wholeness import without_remarks

__all__ = ["FUNCTION_STEMS", "named", "plain", "symbols"]

FUNCTION_STEMS = frozenset(stem(w) for w in FUNCTION | VERBS)


# A second name of a letter, an aside or a reason is taken off only if it has none of the words that tell something.
_TELLS = re.compile(
    r"\d|%|n['’]t\b|\b(?:(?<!these )(?<!those )(?<!the )(?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"twelve|twenty|fifty|hundred|thousand|zero)|"
    r"least|most|exceed\w*|surpass\w*|minimum|maximum|minimal|maximal|minimi\w+|maximi\w+|limit\w*|cap|capped|up to|"
    r"than|twice|times|thrice|half|halves|third|quarter|doubl\w+|tripl\w+|quadrupl\w+|\w+fold|sum|difference|"
    r"plus|minus|equal\w*|same|ratio\w*|proportion\w*|percent\w*|average|squared?|cubed?|multipl\w+|divid\w+|"
    r"no|not|none|nor|never|cannot|unless|except\w*|exclud\w+|without|until|only|if|when|whenever|either|neither|"
    r"above|below|under|within|per|rest|remaining|instead|between(?! (?:these|those|the|them|both)\b))\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:each|every|both|all|any|another|other)\b", re.IGNORECASE)
_REASON = re.compile(
    r",?\s*\b(?:"
    r"(?:(?:possibly|perhaps|potentially|probably|likely)\s+)?(?:due to|because of|owing to|as a result of|because|"
    r"since|considering|reflecting|indicating|representing|emphasi[sz]ing|thereby|thus ensuring|ensuring)|"
    r"(?:in order )?to (?:ensure|maintain|meet|satisfy|prevent|avoid|achieve|keep|comply|guarantee|"
    r"reflect|balance|provide|support)|as (?:it|they|part|this|these|an|a)|"
    r"which (?:could|may|might|ensures?|reflects?)|"
    r"for (?:balanced?|safety|security|diversification|stability))\b[^,.;:()\n]*",
    re.IGNORECASE,
)
_INTEGRAL = re.compile(
    r"\b(?:integers?|integral|whole|indivisib\w+|discrete|fractions?|fractional\w*|(?:in|into) half|half an?)\b",
    re.IGNORECASE,
)
_NAME = r"[A-Za-z]\w*"
_NUMERAL = r"-?\d[\d,]*(?:\.\d+)?"
_AT_MOST, _AT_LEAST = r"(?:<=|≤|\\leq?\b)", r"(?:>=|≥|\\geq?\b)"
_HALVES = {w: f"{n}.5" for n, w in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_FACTORS = {"double": "2 times", "triple": "3 times", "quadruple": "4 times"}
_SYMBOL = re.compile(r"(?<![\w'’$.-])(?:[A-HJ-Z]|[xyzw]|[xXyYzZ]\d)(?![\w'’-])")


def plain(text: str) -> str:
    """Mathematical markup taken off: ``$X$`` is X, ``[0, 20]`` is between 0 and 20, bullets are sentences."""
    text = _letters(text)
    text = rephrased(without_remarks(text))
    text = _ranges(text)
    text = _factors(text)
    text = re.sub(r"(?:^|(?<=[\n.:;]))\s*(?:[-•*]|\(?\d[.)])\s+", "\n", text)
    text = re.sub(r"(?<=[.?!])(?=[A-Z])", " ", text)
    text = re.sub(r" {2,}", " ", text)
    text = re.sub(r"(?<![\w'’$.-])(?:[xyz]\d|[xyzw])(?![\w'’-])", lambda m: m[0].upper(), text)
    text = re.sub(r"(?:^|(?<=[.?!\n]))\s*(?:These|Those|They|Which)\b[^.?!\n]*[.?!\n]", _unless_binding, text)
    text = _PREAMBLE.sub("", text)
    text = _LISTED.sub(r"\1 \2", text)
    text = _second_names(text)
    text = _brackets(text)
    text = re.sub(r"\s[-–—]+\s+(?=this|these|which|it|a\b|reflecting)[^.;:\n]*", _unless_telling, text)
    text = re.sub(
        r",?\s+(?:and|but|while)\s+(?=(?:the|she|he|they|it)\s(?:\w+\s){0,3}?"
        r"(?:aims?|wants?|wish(?:es)?|seeks?|intends?|needs? to minim\w+)\b)",
        ".\nAnd ",
        text,
    )
    text = re.sub(r",?\s+(?:and|while)\s+(?=(?:ensuring|considering|assuming|given|noting|note|aiming)\b)", ", ", text)
    text = re.sub(r"[^.?!\n]+", _without_integrality, text)
    text = _REASON.sub(lambda m: m[0] if _TELLS.search(m[0]) else " ", text)
    text = re.sub(r"(\b(?:minimi|maximi)[^.?!\n:]*):(?=[^.?!\n]*\d)", r"\1.\n", text, flags=re.IGNORECASE)
    return re.sub(r"\n+", "\n", text)


def _letters(text: str) -> str:
    """``$x_1$`` is x1 and ``\\$5`` is $5."""
    text = re.sub(r"\betc\.(?=\))", "etc", text)
    text = text.replace("\\n", "\n").replace("\\$", "＄").replace("\\%", "%")
    text = re.sub(r"\$＄\s?(\d[\d,.]*)\s?\$", r"＄\1", text)  # an amount of money in mathematics
    text = re.sub(r"\$([A-Za-z]\d?(?:\s*,\s*[A-Za-z]\d?)*\s*,?)\$", r" \1", text)
    text = re.sub(r"\$([A-Za-z]_?\{?\d?\}?)\$", r" \1", text)
    text = re.sub(r"\$(\d*\.?\d+)\s*\*?\s*([A-Za-z]_?\d?)\$", r" \1 times \2", text)
    text = re.sub(r"\( (?=[A-Za-z]\d?[),])", "(", text)
    text = text.replace("＄", "$")
    return re.sub(r"\b([xyzwXYZW])_\{?(\d)\}?", r"\1\2", text)


def _ranges(text: str) -> str:
    """``[0, 20]``, ``0-20`` and ``0 <= x <= 20`` in words."""
    text = re.sub(r"\[\s*(\d[\d,]*)\s*(?:,|-|–|to)\s*(\d[\d,]*)\s*\]", r"between \1 and \2", text)
    text = re.sub(rf"({_NUMERAL})\s*{_AT_MOST}\s*({_NAME})\s*{_AT_MOST}\s*({_NUMERAL})", r"\2 between \1 and \3", text)
    text = re.sub(rf"\b({_NAME})\s*{_AT_MOST}\s*(?={_NUMERAL})", r"\1 at most ", text)
    text = re.sub(rf"\b({_NAME})\s*{_AT_LEAST}\s*(?={_NUMERAL})", r"\1 at least ", text)
    text = re.sub(r"\b(?:from|between)\s+(?=\d[\d,]*\s*(?:-|–)\s*\d)", "", text)
    return re.sub(r"(?<![-\w])(\d[\d,]*)\s*(?:-|–)\s*(\d[\d,]*)(?=\s|[.,;)])", r"between \1 and \2", text)


def _factors(text: str) -> str:
    """``Y (doubled)`` is twice Y; ``four and a half times`` is 4.5 times; what is not negative is at least 0."""
    by = r"(?:multiplied by|counted as)(?: a factor of)? (?P<n>[\w.]+)(?: times)?(?: (?:due to|because of)[^()\d]*)?"
    text = re.sub(rf"\b(?P<name>{_NAME})\s*\({by}\)", r"\g<n> times \g<name>", text)
    text = re.sub(rf"\b({_NAME})\s*\(doubled\)", r"twice \1", text)
    text = re.sub(rf"\b({_NAME})\s*\(tripled\)", r"3 times \1", text)
    text = re.sub(
        rf"\b({'|'.join(_HALVES)})[- ]and[- ](?:a[- ])?half\b(?= times)",
        lambda m: _HALVES[m[1].lower()],
        text,
        flags=re.IGNORECASE,
    )
    multiples = r"\b(?:double|triple|quadruple)(?= (?:that|those|the)\b)"
    text = re.sub(multiples, lambda m: _FACTORS[m[0].lower()], text, flags=re.IGNORECASE)
    text = re.sub(r"\bof those(?= (?:allocated|assigned|dedicated|devoted|spent|for|in|on)\b)", "of that", text)
    return re.sub(
        r"\bbe non-?negative\b|(?<=must )not be negative\b|(?<=should )not be negative\b", "be at least 0", text
    )


# "another requirement is that X must …": what requires it tells nothing
_PREAMBLE = re.compile(
    r"\b(?:another|an additional|a further|one more) (?:objective|constraint|requirement|condition|rule|restriction) "
    r"(?:requires|states|demands|is|says|specifies) that\s+|"
    r"\bit (?:is|['’]s) (?:also )?(?:necessary|required|essential) that\s+",
    re.IGNORECASE,
)
# "of homes and shops (projects X and Y)" is of X and Y
_LISTED = re.compile(
    r"\b(of|for|to|in|on|from)(?: (?!(?:of|for|to|in|on|from|than|twice|times|half)\b)[a-z-]+,?){1,6}\s*"
    r"\(((?:[a-z]+ )?[A-HJ-Z]\d?(?:, [A-HJ-Z]\d?)*,? and [A-HJ-Z]\d?)\)"
)


def _second_names(text: str) -> str:
    """``nursing (group X1)`` is X1, and so is nursing wherever it stands."""
    names: dict[str, set[str]] = {}
    for match in re.finditer(r"((?:[A-Za-z-]+ ){0,2}[A-Za-z-]+)\s*\((?:[a-z]+ )?([A-HJ-Z]\d?)\)", text):
        words = match[1].lower().split()
        cut = next((i for i in range(len(words) - 1, -1, -1) if words[i] in FUNCTION), -1)
        own = words[cut + 1 :]
        while len(own) > 1 and own[0] in VERBS:
            own = own[1:]
        if own and stem(own[-1]) not in GENERIC and own[-1] not in _CLASSES:
            names.setdefault(" ".join(own), set()).add(match[2])
    text = re.sub(r"\s*\((?:[a-z]+ )?([A-HJ-Z]\d?)\)", r" \1", text)
    for name, letters in sorted(names.items(), key=lambda item: -len(item[0])):
        if len(letters) == 1:
            (letter,) = letters
            forms = "|".join(re.escape(form) for form in _numbers(name))
            text = re.sub(rf"\b(?:{forms})(?: {letter}\b)?(?![\w-])", letter, text, flags=re.IGNORECASE)
    return text


def _numbers(name: str) -> list[str]:
    """The name in the singular and the plural, the longest first."""
    forms = {name}
    if name.endswith("ies"):
        forms.add(f"{name[:-3]}y")
    elif name.endswith(("sses", "shes", "ches", "xes", "zes")):
        forms.add(name[:-2])
    elif name.endswith("s") and not name.endswith(("ss", "us", "is")):
        forms.add(name[:-1])
    else:
        forms.add(f"{name}s")
    return sorted(forms, key=len, reverse=True)


_CLASSES = frozenset("project projects product products department departments group groups task tasks type".split())
_COMPARES = re.compile(
    r"\b(?:between|at most|at least|up to|maximum|minimum|limit|ranges?|no more|no less|cannot|exceed)\b", re.IGNORECASE
)


_ASIDE = re.compile(
    r"(?:such as|including|like|e\.g\.|i\.e\.|for (?:example|instance)|as|since|because|due to|assuming)(?!\w)"
)


def _brackets(text: str) -> str:
    """Bounds in brackets are sentences of their own; remarks that tell nothing are no part of any."""
    moved: list[str] = []

    def inside(match: re.Match[str]) -> str:
        said = match[1]
        if _INTEGRAL.search(said) and not re.search(r"\d|\b(?:least|most|exceed)\b", said):
            return ""
        if re.search(r"\d", said) and _SYMBOL.search(said) and _COMPARES.search(said):
            moved.append(said)
            return ""
        opener = _ASIDE.match(said)
        if (
            opener and not _TELLS.search(said) and not _ALL.search(said) and not _SYMBOL.search(said)
        ) or said == "inclusive":
            return ""
        return match[0]

    out: list[str] = []
    for part in re.split(r"(?<=[.?!])\s+(?=[A-Z])|(?<=\n)", text):
        moved.clear()
        kept = re.sub(r"\s*\(([^()]*)\)", inside, part)
        out.append(kept)
        out += [f"\n{said}.\n" for said in moved]
    return " ".join(out)


def _unless_telling(match: re.Match[str]) -> str:
    return match[0] if _TELLS.search(match[0]) else ""


_GLOSS = re.compile(
    r"\s*(?:these|those|they)(?: \w+){0,3} (?:could|may|might|can)(?: \w+)? "
    r"(?:represent|involve|be|include|stand|range)\b",
    re.IGNORECASE,
)


def _unless_binding(match: re.Match[str]) -> str:
    """*These could represent wards of a hospital*: what letters may stand for tells nothing of amounts."""
    gloss = _GLOSS.match(match[0])
    return "\n" if gloss and not _TELLS.search(match[0]) else match[0]


def _without_integrality(match: re.Match[str]) -> str:
    """A sentence without a remark that amounts are whole, which is read elsewhere; one without numbers as it is."""
    said = match[0]
    if not re.search(r"\d", said) and not re.search(r"minim|maxim", said, re.IGNORECASE):
        return said
    remark = re.compile(r"([,(])([^,;:()]*)(?=[,;:)]|$)")
    return remark.sub(lambda m: m[1] if _INTEGRAL.search(m[2]) and not _TELLS.search(m[2]) else m[0], said)


# What may stand right before a letter and is no noun for the things: "X2 minus X1", "X1 exceeds X2".
_NO_HEADS = frozenset(
    stem(form)
    for w in "time minus plus exceed surpass outnumber equal twice thrice less".split()
    for form in (w, f"{w}s")
)


def symbols(text: str) -> Entities | None:
    """Things named by letters: X, Y and Z; x1, x2 and x3."""
    seen: dict[str, int] = {}
    labels = {m[1] for m in re.finditer(r"\b[a-z]{3,} ([A-HJ-Z])\b", text)}
    for match in _SYMBOL.finditer(text):
        noun = re.search(r"\b([a-z]{3,}) $", text[: match.start()])
        if match[0] != "A" or (noun and noun[1] not in FUNCTION - _CLASSES and "B" in labels):
            letter = match[0].upper()
            seen[letter] = seen.get(letter, 0) + 1
    names = [name for name, n in seen.items() if n > 1]
    letters = [n for n in names if len(n) == 1]
    numbered = [n for n in names if len(n) == 2]
    before = re.findall(r"\b([a-z]{3,}) (?:[A-HJ-Z]|[xyzw]|[xXyYzZ]\d)(?![\w'’-])", text)
    heads = {stem(w) for w in before if before.count(w) > 1 or w.endswith("s")} - FUNCTION_STEMS - _NO_HEADS
    behind = re.findall(r"(?:[A-HJ-Z]|[xyzw]|[xXyYzZ]\d) ([a-z]{3,}s)\b", text)
    heads |= {stem(w) for w in behind if behind.count(w) > 1} - FUNCTION_STEMS - _NO_HEADS - {stem(w) for w in VERBS}
    count = {2: "two", 3: "three", 4: "four", 5: "five"}.get(len(numbered if len(numbered) > 1 else letters), "no")
    told = re.search(rf"\b{count} (?:[a-z]+ ){{0,2}}?([a-z]+s)(?=:| \(|, | called | named )", text)
    heads |= {stem(told[1])} - FUNCTION_STEMS - GENERIC if told else set()
    names = sorted(numbered if len(numbered) > 1 else letters)
    if not 2 <= len(names) <= 8:
        return None
    return Entities(tuple((n,) for n in names), tuple(frozenset({key(n)}) for n in names), frozenset(heads))


def named(text: list[Sentence]) -> list[Entities]:
    """Things named by nouns, with the nouns for all of them: *three crops: wheat, corn and soybean*."""
    found = []
    lists = [names for names in candidates(text) if any(_listed(sentence, names) for sentence in text)]
    for names in lists + _told(text) + _cut(lists):
        many = len(names.names)
        heads: set[str] = set()
        for sentence in text:
            for k, token in enumerate(sentence.tokens):
                if token.value == many and not token.flavour and token.text[:1].isalpha():
                    for after in sentence.tokens[k + 1 : k + 6]:
                        if after.kind != "word" or after.low in FUNCTION - _CLASSES - {"of"}:
                            break
                        if after.low.endswith("s") and after.stem != after.low:
                            heads.add(after.stem)
        heads |= class_nouns(text, names)
        own = frozenset().union(*names.marks)
        found.append(Entities(names.names, names.marks, frozenset(heads) - own - GENERIC | names.shared))
    return found


_TOLD = re.compile(
    r"\d(?: [a-z]+){0,3}? for (?:each |every |the )?([A-Za-z][\w-]*(?: [A-Za-z][\w-]*){0,2}?)(?=[,.;]| and\b)"
)


def _told(text: list[Sentence]) -> list[Entities]:
    """The things of *3 for nurses, 2 for porters and 5 for doctors*."""
    found = []
    for sentence in text:
        names = [tuple(name.split()) for name in _TOLD.findall(sentence.text)]
        things = Entities.of(names) if 2 <= len(names) <= 8 and len(set(names)) == len(names) else None
        if things is not None:
            found.append(things)
    return found


_BEHIND = frozenset("along ahead across against toward towards near inside outside alongside throughout".split())


def _cut(lists: list[Entities]) -> list[Entities]:
    """*new lamps and new benches along the river* are lamps and benches."""
    found = []
    for names in lists:
        short = [tuple(w for w in n if w.lower() not in _BEHIND | {"new"}) for n in names.names]
        things = Entities.of(short) if tuple(short) != names.names and all(short) else None
        if things is not None:
            found.append(things)
    return found


def _listed(sentence: Sentence, names: Entities) -> bool:
    """Whether the things stand in one list: *wheat, corn and soybean*."""
    found = mentions(sentence, names)
    many = len(names.names)
    for first in range(len(found) - many + 1):
        run = found[first : first + many]
        gaps = itertools.pairwise(run)
        if len({m.entity for m in run}) == many and all(
            1 <= b.start - a.end <= 3
            and all(t.low in {",", "and", "or", "the", "a", "an"} for t in sentence.tokens[a.end : b.start])
            for a, b in gaps
        ):
            return True
    return False
