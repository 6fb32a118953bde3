"""Words that change what a problem says and that the grammar does not read: where they stand, it must abstain.

The grammar accounts for every number; these are the words that could make a number mean something else without
adding one (an exception, a hedge, a condition, a second unit of the same dimension). They are closed classes of
English, not words of any problem, and each is refused wherever it stands beside a quantity or governs a statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quod.translators.controlled.milp.aims import AIMED, SUPERLATIVE, WANTED
from quod.translators.controlled.milp.converting import counted_apart

__all__ = ["Scruple", "scruples", "several_aims"]


@dataclass(frozen=True)
class Scruple:
    """Words that the grammar may not pass over, and why."""

    words: str
    why: str


# Anywhere: an exception, a condition or a choice that no number shows.
_EXCEPTIONS = re.compile(
    r"\b(?:tomorrow|next (?:week|month|year|day)|"
    r"ignor(?:e|es|ed|ing)|disregard\w*|waived?|(?<!^to )avoid(?:s|ed|ing)? \w+ing|"
    r"refus(?:e|es|ed|ing)|forbid(?:s|den)?|forbade|prohibit\w*|unless|except(?:ing|ion)?|excluding|exclude[sd]?|"
    r"apart from|aside from|other than|otherwise|"
    r"provided|providing|depend(?:s|ing|ent)?|in case|whichever|whenever|"
    r"neither(?! (?:\w+|of the \w+|of them) (?:may|can|must|should) exceed \d)|"
    r"nor|without|instead of|rather than|until|"
    r"already|debts?|owe[sd]?|left ?over|leftovers?|remain(?:s|ed|ing|der)?|unused|"
    r"(?:be|is|are) (?:left|saved|kept(?! (?:\w+ing|below|under|within|at|to)\b)|set aside)|"
    r"discount(?:s|ed)?|tax(?:es|ed)?|bonus(?:es)?|penalt(?:y|ies)|refund(?:s|ed)?|rebate|surcharge|fee|fees|"
    r"(?:setup|set-up)(?! (?:time|hours?|minutes?))|fixed|one-time|up-?front|initial(?:ly)?|"
    r"defective|spoil(?:s|ed|age)?|breakage|evaporates?|loses|lost|"
    r"less than or(?! equal to)|if and only if|only if|even if)\b",
    re.IGNORECASE,
)
# Anywhere, with or without a number: what was said before is taken back.
_RETRACTION = re.compile(
    r"\b(?:(?:does|do|did|will|is|are|need|must|should|would|can)(?: not|n[’']t) (?:\w+ )?"
    r"(?:apply|hold|matter|count|bind\w*|"
    r"valid|relevant|true|correct|considered|enforced|required|necessary|needed)|cannot be (?:applied|enforced)|"
    r"(?:could|would|might|should) have been|need(?:s|ed)? not|needn[’']t|not not|(?:do|does|did) not (?:have|need) to|"
    r"(?:every|each) (?:second|third|fourth|fifth|tenth)|no longer|"
    r"sold out|out of stock|run out|leaves? over|as (?:small|large|low|high|few|little) as possible|"
    r"as (?:few|little) \w+ as possible|"
    r"(?:is|are|for) free|(?:per|each|every) (?:dozen|pair|hundred|thousand)|"
    r"is (?:false|untrue|wrong|lifted|void|cancell?ed|optional)|"
    r"are (?:lifted|void|cancell?ed|optional|ignored)|"
    r"it is (?:false|untrue|rumou?red|possible|thought|hoped)|never mind|scrap that)\b",
    re.IGNORECASE,
)
# Beside a quantity: a hedge, or a part of something that the quantity is not all of.
_HEDGES = re.compile(
    r"\b(?:about|approximately|approx|roughly|around|nearly|almost|more or less|or so|or close|give or take|some \d|"
    r"perhaps|maybe|preferably|ideally|used to be|so far|"
    r"(?:is|are) being (?!alloc|us|util|distr|consid|invest|produ|plann)\w+ed|"
    r"possibly|might|probably|mostly|partly|partially|"
    r"(?:is|are|be) reserved|reserved for|another|(?:of which|of whom)(?!,? (?:at least|at most))|"
    r"(?:\d|some|most|many|any|none|one|two|three|half|third|quarter|fifth|tenth|few|all|rest|%|percent) of "
    r"(?:these|them|those)|each time|every other|"
    r"after the first|"
    r"(?:for|in|during) the (?:first|second|third|last)|beyond|above the first|"
    r"per additional|each additional|every additional|"
    r"(?:for|on|in|to|by) (?:other|something|someone|somebody)|squared|cubed|to the power)\b",
    re.IGNORECASE,
)
# Words that are numbers, and which the grammar does not count with.
_COLLECTIVES = re.compile(
    r"\b(?:(?:half|quarter|third) (?:a |an |of a )?dozen|dozens|hundreds of|thousands of|scores? of|"
    r"(?:a|one|\d+) score|"
    r"(?:a|the) (?:couple|handful|gross)|gross of|(?:a|in|by the|come as|by|of a) pairs?\b(?! of)|singletons?|"
    r"(?:an?|one) (?:and a )?half|(?:and|by) a half|half an?|half as|(?:\d+|two|three|four|five|six|ten)-fold|"
    r"(?:doubl|tripl|halv|quadrupl)(?:e|es|ed|ing)\b(?! the| as|-\w)|"
    r"(?:the|its|his|her|their|only) (?:first|second|third|fourth|fifth|last) (?!of\b)(?:\w+ )?"
    r"(?:costs?|earns?|takes?|is|are|sells?|needs?|requires?|gives?)\b)",
    re.IGNORECASE,
)
# Negations that turn a bound round are read by the grammar; any other negation of a quantity is not.
_NEGATION = re.compile(
    r"\b(?:not|never|none|no one|nobody|cannot|\w+n[’']t)\b"
    r"(?!\s+(?:\w+\s+){0,4}?"
    r"(?:exceed|surpass|fall|drop|more|less|fewer|greater|larger|higher|lower|smaller|over|above|below|under|only))"
    r"[^,;]*?(?:\d|\b(?:at least|at most|twice|half|third|percent)\b)",
    re.IGNORECASE,
)
# "No room for more than 30", "few guests want more than 30": which way does it bind, and whom?
_UNSURE = re.compile(
    r"\b(?:no\s+(?!more\b|less\b|fewer\b|greater\b|later\b|longer\b|one\b)\w+|few|little|hardly|sometimes|rarely|seldom|"
    r"occasionally)\b[^.,;:]{0,60}?\b(?:more than|less than|fewer than|at least|at most|up to)\s+\d",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\beither\b.*\b(?:at least|at most|more than|less than|minimum|maximum|exactly)\b.*\bor\b|"
    r"\b(?:at least|minimum of)\s+(?:\d[\d,.]*|\w+)\s[^,;]*\bor\s+(?:at least\s+|a minimum of\s+)?\d",
    re.IGNORECASE,
)
# What somebody else does, or did at another time, binds nobody here.
_ELSEWHERE = re.compile(
    r"\b(?:competitors?|rivals?|last (?:year|week|month|season|quarter|time)|yesterday|ago|"
    r"previous(?:ly)?|in the past|historically)\b",
    re.IGNORECASE,
)
_PROFIT = re.compile(r"\bprofits?\b", re.IGNORECASE)
_PROFIT_GIVEN = re.compile(r"\bprofits?\b[^.?!]*\d|\d[^.?!]*\bprofits?\b", re.IGNORECASE)
_PRICE = re.compile(
    r"\b(?:sell|sells|sold|selling|price[ds]?|revenue)\b[^.?!]*\d|\d[^.?!]*\b(?:sold|selling price)\b", re.IGNORECASE
)
_COST = re.compile(r"\bcost(?:s|ing)?\b[^.?!]*\d", re.IGNORECASE)
# A statement without a number that would be a constraint: none of a thing, or a law that is not linear.
_UNQUANTIFIED = re.compile(
    r"\bno\s+(?!more\b|less\b|fewer\b|greater\b|longer\b|later\b|matter\b|one\b)\w+[^,;.]*\b(?:can|may|must|should|is|are|will|be)\b|"
    r"\b(?:squares?|cubes?|roots?|logarithms?|exponential\w*|proportional\w*|multiplied)\s+(?:of|to|by|with)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:how (?:many|much)|what|which|determine|find|formulate|calculate|want|wants|wish|wishes|aims?|maximi[sz]e|"
    r"minimi[sz]e)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|when)\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|hundred|thousand|"
    r"half|third|quarter|twice|thrice|times|double|triple|percent|more|less|fewer|most|least|only)\b",
    re.IGNORECASE,
)
# "If A earns 9% and B earns 6%. How much ...": what is given, not a condition.
_ASKED_NEXT = re.compile(r"[.\s]*(?:How|What|Formulate|Find|Determine)\b")
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\d)[^.!?\n]*)*")
_DIMENSIONS = {
    "time": {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "hr": 3600, "day": 86400, "week": 604800},
    "mass": {"mg": 1, "milligram": 1, "gram": 1000, "g": 1000, "kg": 10**6, "kilogram": 10**6, "kilo": 10**6,
             "ounce": 28350, "oz": 28350, "pound": 453592, "lb": 453592, "ton": 10**9, "tonne": 10**9},
    "volume": {"ml": 1, "millilitre": 1, "milliliter": 1, "cl": 10, "litre": 1000, "liter": 1000, "l": 1000,
               "gallon": 3785, "quart": 946, "pint": 473},
    "length": {"mm": 1, "cm": 10, "centimetre": 10, "centimeter": 10, "m": 1000, "metre": 1000, "meter": 1000,
               "km": 10**6, "kilometre": 10**6, "kilometer": 10**6, "inch": 25, "inche": 25, "foot": 305, "feet": 305,
               "yard": 914, "mile": 1609344},
    "money": {"cent": 1, "dollar": 100, "euro": 100},
}  # fmt: skip
_MEASURED = re.compile(r"\d\s*(?:-\s*)?([A-Za-z]+)\b")
_SPELT_MEASURED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundred|half an)\s+([A-Za-z]+)\b",
    re.IGNORECASE,
)


def scruples(text: str) -> list[Scruple]:
    """Every reason to abstain that stands in the words and not in the numbers."""
    found: list[Scruple] = []
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        unquantified = _UNQUANTIFIED.search(sentence)
        if unquantified:
            found.append(Scruple(sentence, f"the grammar does not read '{unquantified[0]}'"))
        retraction = _RETRACTION.search(sentence)
        if retraction:
            found.append(Scruple(sentence, f"'{retraction[0]}' takes something back, which the grammar does not read"))
        exception = _EXCEPTIONS.search(sentence)
        if exception and _QUANTITY.search(sentence):
            found.append(Scruple(sentence, f"the grammar does not read '{exception[0]}'"))
        hedge = _HEDGES.search(sentence)
        if hedge and _QUANTITY.search(sentence):
            found.append(Scruple(sentence, f"the grammar does not read '{hedge[0]}' beside a quantity"))
        collective = _COLLECTIVES.search(sentence)
        if collective:
            found.append(Scruple(sentence, f"the grammar does not count with '{collective[0]}'"))
        condition = _IF.search(sentence)
        given = sentence.startswith("If ") and "," not in sentence and _ASKED_NEXT.match(text, match.end())
        if condition and _QUANTITY.search(sentence) and not _ASKS.search(sentence) and not given:
            found.append(Scruple(sentence, f"a condition ('{condition[0]}') on a quantity is not read by the grammar"))
        for pattern, why in (
            (_NEGATION, "a negated quantity is not read by the grammar: '{}'"),
            (_UNSURE, "which way '{}' binds is not read by the grammar"),
            (_CHOICE, "a choice between two bounds is not read by the grammar: '{}'"),
            (_ELSEWHERE, "'{}' may speak of something other than what is to be decided"),
        ):
            other = pattern.search(sentence)
            if other and _QUANTITY.search(sentence):
                found.append(Scruple(sentence, why.format(other[0])))
    found += _grouped(text)
    if _PROFIT.search(text) and not _PROFIT_GIVEN.search(text) and _PRICE.search(text) and _COST.search(text):
        found.append(Scruple("profit", "whether profit is price less cost is not read by the grammar"))
    return found + _mixed_units(text) + _mixed_periods(text)


def several_aims(text: str) -> list[Scruple]:
    """Two aims in one sentence, or two superlatives that may be aims, in the text as it was said."""
    found = []
    superlatives = 0
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        superlatives += len(SUPERLATIVE.findall(sentence)) if WANTED.search(sentence) else 0
        told = AIMED.findall(sentence)
        if told and re.search(r"\b(?:rival|competitor|neighbou?r|landlord)s?\b", sentence, re.IGNORECASE):
            found.append(Scruple(sentence, "an aim of somebody else is not read by the grammar"))
        if told and _ASKS.search(sentence) and ((len(told) > 1 and superlatives) or superlatives > 1):
            found.append(Scruple(sentence, "two aims in one text are not read by the grammar"))
    return found


_GROUP = re.compile(r"\b(pair|dozen|set|group|batch|crate|pallet|case)s? of (\w+)(?: (\w+))?", re.IGNORECASE)
_NO_THING = frozenset("type kind each both the these those and or".split())


def _grouped(text: str) -> list[Scruple]:
    """The same things counted by the pair here and one by one there: the grammar does not convert."""
    found = []
    said = {(m[1].lower(), w.lower().removesuffix("s")) for m in _GROUP.finditer(text) for w in m.groups()[1:] if w}
    for group, noun in sorted(said):
        if len(noun) < 3 or noun in _NO_THING:
            continue
        singly = re.search(rf"\b(?:each|every|per|an?)\s+(?:\w+\s+)?{re.escape(noun)}(?!\w)", text, re.IGNORECASE)
        grouped = re.search(rf"\b{group}s? of (?:\d+ |\w+ )?{re.escape(noun)}", text, re.IGNORECASE)
        if singly and grouped:
            found.append(Scruple(grouped[0], f"'{grouped[0]}' and '{singly[0]}' count differently"))
    return found


def _mixed_units(text: str) -> list[Scruple]:
    """Two units of one dimension: minutes beside hours. The grammar does not convert."""
    found = []
    used = {m[1].lower() for m in _MEASURED.finditer(text)} | {m[1].lower() for m in _SPELT_MEASURED.finditer(text)}
    asked = {m[1].lower() for m in re.finditer(r"\bhow many (\w+)", text, re.IGNORECASE)}
    if {word.removesuffix("s") for word in asked} & set(_DIMENSIONS["time"]):
        used |= asked | {
            m[1].lower() for m in re.finditer(r"\b(?:per|an|each) (hour|minute|second)\b", text, re.IGNORECASE)
        }
    if "$" in text:
        used.add("dollar")
    for dimension, units in _DIMENSIONS.items():
        seen = {unit: units[unit] for word in used for unit in (word, word.removesuffix("s")) if unit in units}
        if len(set(seen.values())) > 1 and not counted_apart(text, set(seen)):
            words = " and ".join(sorted(seen))
            found.append(
                Scruple(words, f"{words} are different units of {dimension}, which the grammar does not convert")
            )
    return found


_PERIOD = re.compile(
    r"\b(?:per|each|every|a) (day|week|month|year)\b(?! of)|\b(dai|week|month|year)ly\b", re.IGNORECASE
)


def _mixed_periods(text: str) -> list[Scruple]:
    """So much a day beside so much a week: the grammar does not convert."""
    seen = {(m[1] or m[2]).lower().replace("dai", "day") for m in _PERIOD.finditer(text)}
    if re.search(r"\bhow many days (?:a|per|each|every|in a) week\b", text, re.IGNORECASE):
        seen -= {"day", "week"}  # so much on each of the days that are to be found
    if len(seen) < 2:
        seen = next((periods for periods in _rates(text).values() if len(periods) > 1), set())
    if len(seen) < 2:
        return []
    words = " and ".join(sorted(seen))
    return [Scruple(words, f"amounts per {words} are different, and the grammar does not convert")]


_RATE = re.compile(
    r"\b([a-z]+) (?:per|an?|each|every) (second|minute|hour|day|week|month|year)\b(?! of)", re.IGNORECASE
)


def _rates(text: str) -> dict[str, set[str]]:
    """What is counted by time (``parcels an hour``), to the periods it is counted by."""
    found: dict[str, set[str]] = {}
    for noun, period in _RATE.findall(text):
        found.setdefault(noun.lower().removesuffix("s"), set()).add(period.lower())
    return found
