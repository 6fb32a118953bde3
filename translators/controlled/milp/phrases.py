"""Plain English put the way the grammar of relations reads it: rounding remarks, halves in words, wishes for the least.

Each rule is a matter of language alone; none adds or drops a number that could limit anything.
"""

# ruff: noqa: E501 - turns of phrase stand on one line

from __future__ import annotations

import re

__all__ = ["rephrased"]

_DEGREE = (
    r"(?:(?:the )?nearest (?:whole |full )?(?:cent|dollar|euro|number|integer|unit|tenth|hundredth|"
    r"percent|minute|hour)s?|"
    r"(?:one|two|three|1|2|3) decimals?(?: (?:place|point|digit)s?)?|whole (?:number|dollar|cent)s?|"
    r"(?:a|the) (?:whole|full) (?:number|dollar))"
)
_ANSWER = r"(?:(?:your|the|its|this|that|final) )*(?:answer|result|cost|solution|value|amount|total|it)?"
# What the answer should look like: no part of the problem.
_ROUNDING = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"(?<=[.?!\n])\s*(?:please )?(?:round|give|provide|express|state|report) {_ANSWER}"
            rf"(?: in (?:\w+ ){{0,2}}\w+)?,?(?: and)?(?: round(?:ed|ing)?(?: off)?)?(?: it)?(?: up| down)?"
            rf"(?: to {_DEGREE})?\s*(?:[.!]|$)"
        ),
        rf",?\s*(?:and )?round(?:ed|ing)?(?: off)?(?: {_ANSWER})?(?: up| down)? to {_DEGREE}",
        rf",?\s+(?:in|to) {_DEGREE}(?=\s*[,.?])",
    )
)
_HALVES = {w: f"{n}.5" for n, w in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_TIME = r"(?:hour|minute|day|week|kilogram|gram|liter|litre|pound|ton|meter|metre|kilometer|kilometre|acre|hectare)"
# What a person wants to be least or most is what is optimized, where it is the whole of something.
_WISHED = re.compile(
    r"\b(?:would like|wants?|wishes|hopes|likes|has|needs?) (?:for )?(?:the |its |his |her |their )?"
    r"(?P<what>(?:(?:total|overall|daily|weekly|monthly) )?[a-z]+(?: [a-z]+)?) to be as (?P<how>small|low|cheap|large|high) "
    r"as possible",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?P<what>(?:(?:the )?(?:total|overall) )?[a-z]+ [a-z]+) should be kept (?:to a minimum|as (?:low|small) as possible)",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"\b(?:hold|keep) (?P<what>the (?:total |overall )?(?:[a-z]+ ){0,2}[a-z]+) (?:to a minimum|as low as possible)",
    re.IGNORECASE,
)
# Why a thing is so, or who a thing is for, where the rest of the clause has no number and no comparison.
_PURPOSE = re.compile(
    r",?\s*\b(?:so that|so as to|on account of|in view of|for (?:the sake|reasons) of|as a rule|"
    r"in order (?:to|for)|thanks to)\b[^,.;:()\n]*",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\d|%|\b(?:least|most|more|less|fewer|than|exceed\w*|only|each|every|all|both|equal\w*|same|if|unless|except|twice|"
    r"half|double|triple|third|quarter|without|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand)\b",
    re.IGNORECASE,
)


# "If each train brings $24 and each castle $45, what is …": what is given, then what is asked
_GIVEN = re.compile(
    r"(?:^|(?<=[.?!\n]))\s*If ((?:each|every|an?|one) (?![^.?!,\n]*\b(?:least|most|more|less|than|exceeds?)\b)[^.?!\n]*\d[^.?!\n]*),"
    r" (what|how|determine|find)\b",
)


def rephrased(text: str) -> str:
    """The text with what the answer should look like taken off, and some turns said plainly."""
    for pattern in _ROUNDING:
        text = pattern.sub(" ", text)
    text = re.sub(rf"\bhalf an? (?={_TIME}\b)", "0.5 ", text, flags=re.IGNORECASE)
    text = re.sub(rf"\b(?:an|a|one) (?P<unit>{_TIME}) and a half\b", r"1.5 \g<unit>s", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"\b({'|'.join(_HALVES)}) and (?:a|one) half (?=[a-z]+s\b)",
        lambda m: f"{_HALVES[m[1].lower()]} ",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(an?|each|every|per) ([a-z]+) one of (?=\d)", r"\1 \2 of ", text)
    text = re.sub(r"\b(scar|cal|hoo|wol|whar|dwar)ves\b", r"\1fs", text)
    text = re.sub(r"\b(and|or) how (?:many|much) (?=[a-z])", r"\1 ", text)
    text = re.sub(r"\b(and|or) (?:the )?number of (?=[a-z]+ [a-z]+ (?:to|per|each|for)\b)", r"\1 ", text)
    text = re.sub(r"\b[Bb]etween them, ", "", text)
    text = re.sub(
        r"(?<!least )(?<!most )(\$?\b\d[\d,.]*(?: [a-z]+)?) or (more|higher|greater)\b(?! than)", r"at least \1", text
    )
    text = re.sub(
        r"(?<!least )(?<!most )(\$?\b\d[\d,.]*(?: [a-z]+)?) or (less|fewer|lower)\b(?! than)", r"at most \1", text
    )
    if not re.search(r"\bclass", text):
        text = re.sub(r"\btype(?= [A-H]\b)", "class", text)
    text = _GIVEN.sub(lambda m: f" {m[1][:1].upper()}{m[1][1:]}. {m[2].capitalize()}", text)
    text = _WISHED.sub(lambda m: f"wants to {_sense(m['how'])} the {m['what']}", text)
    text = _KEPT.sub(
        lambda m: f"The aim is to minimize the {re.sub('^the ', '', m['what'], flags=re.IGNORECASE)}", text
    )
    text = _HELD.sub(lambda m: f"minimize {m['what']}", text)
    text = _PURPOSE.sub(lambda m: m[0] if _LIMITS.search(m[0]) else " ", text)
    text = re.sub(r",? (?:on average|of course|as usual|in particular|it is known that)(?=[ ,.;])", "", text)
    return _lowered(text)


def _sense(how: str) -> str:
    return "minimize" if how.lower() in {"small", "low", "cheap"} else "maximize"


# "how low can the cost be kept", "how cheaply", "what is the least amount of money": questions for the optimum
_QUESTIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"\bhow low can (?:\w+ ){1,4}keep (?:the|its|his|her|their) ", "what is the minimum "),
        (r"\bhow much profit can (?:\w+ ){1,4}?(?:make|earn|generate) at (?:the )?most\b", "what is the maximum profit"),
        ((r"\bhow many dollars of (profit|revenue|income) can (?:\w+ ){1,4}?(?:make|earn|generate|be made)"
         r"(?: in an? \w+)? at (?:the )?most\b"), r"what is the maximum \1"),
        (r"\b(?:what is|determine|find) the least amount of money\b", "what is the minimum cost"),
        (r"\bwhat is the minimum amount, in dollars,", "what is the minimum cost that"),
        (r"\bhow cheaply can (?:\w+ ){1,4}be (?:produced|made|built|run|mixed|blended)\b", "what is the minimum cost"),
        (r"\bat (?:the )?best(?=\?)", ""),
    )
)  # fmt: skip


def _lowered(text: str) -> str:
    for pattern, said in _QUESTIONS:
        text = pattern.sub(said, text)
    return text
