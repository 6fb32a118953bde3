"""Which numbers, names and sentences of a problem a formal text accounts for, told from its letters alone.

A number is accounted for if one of the values it may stand for is in the formal text (docs/faithfulness: "30%" is 30
or 3/10); a sentence if an element says it came from there, or if most of its words became names; a name if it is
part of a name in the formal text. Warnings are only given where the check is reliable for the formalism: the
backends have their own, sharper ones for numbers (milp) and objects (pddl).
"""

from __future__ import annotations

import re
from fractions import Fraction

from quod.core.diagnostics import Diagnostic, Span
from quod.core.faithfulness import Coverage, Tally
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import Problem
from quod.core.quantities import Quantity, canonical, find_quantities
from quod.translators.llm import codes
from quod.translators.llm.slips import slips
from quod.translators.llm.sources import sentence_elements, sentence_lines, wordless

__all__ = ["coverage_of", "mentions", "names_of", "sentences_of"]

_BREAK = re.compile(
    r"(?<=[.!?])[\"'”’)]*(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St|vs|No)\.)(?<!\bMrs\.)(?<!e\.g\.)(?<!i\.e\.)\s+"
    r"|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)]|[A-Z]))"
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?(?:\s*/\s*\d+)?")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"\b[A-Z][\w'’-]*[\w]|\b[A-Z]\b")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")
_STOP = frozenset(
    "a an the and or but if then of in on at to for from by with as is are was were be been being am do does did has "
    "have had not no nor so that this these those it its he she they them his her their who whom which what when "
    "where how all any each every some either neither both only also than there here can could will would shall "
    "should may might must i you we us our your my one".split()
)
_NEVER_NAMES = frozenset(
    "true false unknown uncertain question answer conclusion premise premises context options facts rules note "
    "formulate maximize minimize lp ip mip i if monday tuesday wednesday thursday friday saturday sunday "
    "mr mrs ms dr st prof".split()
)
_SMALL_TALK = frozenset({"one", "both", "once", "pair", "a pair"})
_FIND = re.compile(r"^[ \t]*find[ \t]*:", re.MULTILINE | re.IGNORECASE)
_ASKS = re.compile(r"\b(true or false|true, false|does it follow|is it true|which of (?:the following|these)|"
                   r"based on|according to the|following (?:statement|conclusion)s?)\b", re.IGNORECASE)  # fmt: skip


def sentences_of(text: str) -> list[tuple[int, int, str]]:
    """Start, end and words of every sentence; abbreviations and decimal points do not end one."""
    found = []
    start = 0
    for end in [*(match.start() for match in _BREAK.finditer(text)), len(text)]:
        words = text[start:end].strip()
        if _WORD.search(words):
            at = start + len(text[start:end]) - len(text[start:end].lstrip())
            found.append((at, at + len(words), words))
        start = end
    return found


def names_of(text: str) -> list[str]:
    """Proper names: capitalised words that are so within a sentence, in order of appearance."""
    inside: dict[str, None] = {}
    for _, _, words in sentences_of(text):
        for match in _CAPITAL.finditer(words):
            word = re.sub(r"['’]s$", "", match[0])
            at_start = (
                match.start() == 0
                or words[: match.start()].strip(" \"'(“‘-") == ""
                or (words[: match.start()].rstrip()[-1:] in {":", ";"})
            )
            if not at_start and word.lower() not in _STOP | _NEVER_NAMES:
                inside[word] = None
    return list(inside)


def mentions(text: str, name: str, *, besides: str) -> bool:
    """Whether a sentence, other than the one that says ``besides``, has most of the words of a name."""
    own = {_stem(part.lower()) for part in _CAMEL.split(name) if part} - _STOP
    asked = " ".join(besides.lower().split())
    for _, _, words in sentences_of(text):
        if asked in " ".join(words.lower().split()):
            continue
        said = {_stem(word) for word in _WORD.findall(words.lower())}
        if len(own & said) * 2 > len(own):
            return True
    return not own


def coverage_of(problem: Problem, formalization: Formalization) -> tuple[Coverage, tuple[Diagnostic, ...]]:
    """The coverage of a problem's text by a formal text, and warnings for what is missing."""
    code_text = _code(formalization)
    # names of logic may swallow a number of their words; a script has none that could
    linked = " ".join(link.words for link in formalization.source_map if formalization.language != "smtlib2")
    numbers, missing_numbers = _numbers(problem.text, code_text, linked, formalization.formalism)
    names, missing_names = _names(problem.text, code_text)
    sentences, missing_sentences = _sentences(problem.text, code_text, formalization)
    warnings: list[Diagnostic] = []
    if formalization.formalism is Formalism.FOL:
        warnings += [
            codes.SENTENCE_MISSING.warning("nothing in the formal text comes from this sentence", source=words)
            for words in missing_sentences
        ]
        warnings += [
            codes.NUMBER_MISSING.warning(f"'{q.words}' does not occur in the formal text", source=q.words)
            for q in missing_numbers
        ]
        warnings += [
            # a name may rightly be swallowed by a predicate ("an English book"): a note, not a doubt
            codes.NAME_MISSING.info(f"'{name}' does not occur in the formal text", source=name)
            for name in missing_names
        ]
        warnings += [
            codes.NAME_VARIANT.warning(
                f"'{name}' and '{other}' differ by '{part}', which the problem does not say",
                span=_first(formalization.text, name),
            )
            for name, other, part in (_variants(problem.text, code_text) if formalization.language != "smtlib2" else ())
        ]
        warnings += [
            codes.NEGATION_MISSING.warning("the words say 'not', the formula does not", source=words)
            for words in _unnegated(formalization)
        ]
        warnings += [
            codes.UNSOURCED.warning(f"'{element}' says something that the problem does not say", source=words or None)
            for element, words in _unsourced(problem.text, formalization)
        ]
        warnings += slips(formalization)
    return Coverage(numbers=numbers, names=names, sentences=sentences), tuple(warnings)


def _code(formalization: Formalization) -> str:
    """The formal text without the words it quotes."""
    text = formalization.text
    if formalization.language == "smtlib2":
        return "\n".join(line.partition(";")[0] for line in text.split("\n"))
    if formalization.formalism is Formalism.FOL:
        return "\n".join(line.partition(":::")[0].partition("#")[0] for line in text.split("\n"))
    if formalization.formalism is Formalism.MILP:
        return re.sub(r'"(?:words|gloss|description|unit)"\s*:\s*"(?:[^"\\]|\\.)*"', "", text)
    if formalization.formalism is Formalism.PDDL:
        return "\n".join(line.partition(";")[0] for line in text.split("\n"))
    return text


def _numbers(text: str, code_text: str, linked: str, formalism: Formalism) -> tuple[Tally, list[Quantity]]:
    wanted = [q for q in find_quantities(text) if q.words.lower() not in _SMALL_TALK and not _counts_a_list(q, text)]
    there = {canonical(_fraction(match)) for match in _NUMBER.findall(code_text)}
    there |= {canonical(Fraction(match)) for match in _DIGITS.findall(code_text)}
    lower = code_text.lower()
    if formalism is not Formalism.MILP:
        # elsewhere a number may be part of a name (ThreeStar, in2014), or of a sentence said to be translated
        linked_lower = linked.lower()

        def named(q: Quantity) -> bool:
            words = q.words.lower()
            return words.replace(" ", "") in lower or words in linked_lower

        missing = [q for q in wanted if not named(q) and not any(canonical(v) in there for v in q.values)]
    else:
        missing = [q for q in wanted if not any(canonical(v) in there for v in q.values)]
    return _tally(len(wanted), [q.words for q in missing]), missing


def _counts_a_list(quantity: Quantity, text: str) -> bool:
    """Whether a number only says how long the list after it is: "six types: a, b, c, d, e, and f"."""
    for match in re.finditer(rf"(?<!\w){re.escape(quantity.words)}(?!\w)[^.!?:\n]*:([^.!?\n]*)", text):
        items = [item for item in re.split(r",\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+", match[1]) if item.strip()]
        if len(items) > 1 and any(v == len(items) for v in quantity.values):
            return True
    return False


def _fraction(numeral: str) -> Fraction:
    above, _, below = numeral.partition("/")
    if below and int(below) != 0:
        return Fraction(above.strip()) / Fraction(below.strip())
    return Fraction(above.strip())


def _names(text: str, code_text: str) -> tuple[Tally, list[str]]:
    names = names_of(text)
    flat = re.sub(r"[\W_]+", "", code_text.lower())
    missing = [name for name in names if re.sub(r"[\W_]+", "", name.lower()) not in flat]
    return _tally(len(names), missing), missing


def _sentences(text: str, code_text: str, formalization: Formalization) -> tuple[Tally, list[str]]:
    stems = {_stem(word) for part in _CAMEL.split(code_text) for word in _WORD.findall(part.lower())}
    elements = sentence_elements(formalization)
    links = [link for link in formalization.source_map if elements is None or link.element in elements]
    placed = [(link.start, link.end) for link in links if link.start is not None and link.end is not None]
    # words that stand somewhere else verbatim account for nothing here, however alike
    loose = [link.words for link in links if link.start is None]
    missing = []
    quoteless = wordless(formalization)
    sentences = [s for s in sentences_of(text) if not _ASKS.search(s[2])]
    if formalization.formalism is Formalism.FOL and _FIND.search(formalization.text):
        # "find:" asks for everything, and has no words of its own
        sentences = [s for s in sentences if not s[2].endswith("?")]
    for start, end, words in sentences:
        if any(low < end and start < high for low, high in placed):
            continue
        own = {_stem(word) for word in _WORD.findall(words.lower()) if word not in _STOP}
        if not own or any(_overlap(own, link) >= 0.6 for link in loose):
            continue
        if (not links or quoteless) and _share_named(own, stems) >= 0.6:
            continue
        missing.append(words)
    return _tally(len(sentences), missing), missing


def _unsourced(text: str, formalization: Formalization) -> list[tuple[str, str]]:
    """Premises whose words do not stand in the problem, nor are they much like any of its sentences."""
    elements = sentence_elements(formalization) or frozenset()
    sentences = [{_stem(word) for word in _WORD.findall(words.lower())} for _, _, words in sentences_of(text)]
    everything = set().union(*sentences) if sentences else set()
    found = [(element, "") for element in wordless(formalization)]
    for link in formalization.source_map:
        if link.element not in elements or link.start is not None:
            continue
        own = {_stem(word) for word in _WORD.findall(link.words.lower()) if word not in _STOP}
        near = max((len(own & sentence) / len(own) for sentence in sentences), default=0.0) if own else 1.0
        # a sentence put together from two of the text is still the text's
        if near < 0.5 and len(own & everything) < 0.8 * len(own):
            found.append((link.element, link.words))
    return found


_APPLIED = re.compile(r"([^\W\d][\w’']+)\s*\(")


def _variants(text: str, code_text: str) -> list[tuple[str, str, str]]:
    """Predicates whose names are another's with a word more, which is none of the problem's and none of logic's."""
    said = {_stem(word) for word in _WORD.findall(text.lower())}
    parts = {name: tuple(p.lower() for p in _CAMEL.split(name) if p) for name in set(_APPLIED.findall(code_text))}
    by_parts = {p: name for name, p in parts.items()}
    found = []
    for name, own in sorted(parts.items()):
        for at, part in enumerate(own):
            other = by_parts.get(own[:at] + own[at + 1 :])
            if other and len(part) > 2 and part not in _STOP and _stem(part) not in said:
                found.append((name, other, part))
    return found


def _first(text: str, name: str) -> Span | None:
    """Where a name stands first."""
    match = re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    return Span(line=line, column=column, end_line=line, end_column=column + len(name))


_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|isn['’]t|aren['’]t|doesn['’]t|don['’]t|can['’]t|"
    r"won['’]t|wasn['’]t|weren['’]t|didn['’]t|hasn['’]t|haven['’]t)\b",
    re.IGNORECASE,
)
_NOT_A_NEGATION = re.compile(
    r"\bnot only\b|\bno matter\b|\bno later\b|\bno longer than\b|\bwhether or not\b", re.IGNORECASE
)
_NEGATIVE = re.compile(
    r"[¬~≠⊕^]|!=|!|\b(?:not|xor)\b|⊥|\bfalse\b|[<>]|(?:^|[^a-z])(?:not|non|no|un|in)[A-Z_]|\b(?:No|Not|Non|Un|In)[a-z]"
)


def _unnegated(formalization: Formalization) -> list[str]:
    """Sentences with a negation whose formula has none, nor a name that could carry it."""
    return [
        line.words
        for line in sentence_lines(formalization)
        if _NEGATION.search(_NOT_A_NEGATION.sub("", line.words)) and not _NEGATIVE.search(line.formula)
    ]


def _share_named(own: set[str], stems: set[str]) -> float:
    """The share of a sentence's words that became part of a name."""
    return sum(any(stem in name or name in stem for name in stems if len(name) > 2) for stem in own) / len(own)


def _overlap(own: set[str], words: str) -> float:
    other = {_stem(word) for word in _WORD.findall(words.lower())}
    return len(own & other) / len(own)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _tally(total: int, missing: list[str]) -> Tally:
    return Tally(accounted=total - len(missing), total=total, missing=tuple(missing))
