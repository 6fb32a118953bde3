"""Aims said by a superlative, told as the grammar knows them: *to make the most profit* is *to maximize profit*.

Only where that is sure: the verb gains or uses (*to save the most fuel* is neither), the noun is one that the text
counts (*to make the largest parts* counts none), the things do not prevent it, and nothing else is aimed at.
"""

# ruff: noqa: E501 - each form stands on one line

from __future__ import annotations

import re

__all__ = ["AIMED", "ONLY_RATE", "PERIOD", "RATE", "SUPERLATIVE", "WANTED", "aim_of"]

_TO = r"(?:in\s+order\s+to|so\s+as\s+to|so\s+that\s+(?:it|he|she|they|we|you|i)(?:\s+can|\s+will)?|to)"
_PARTICLE = r"(?:\s+(?:in|up))?"
_GAINS = r"(?:make|earn|obtain|reach|achieve|produce|serve|attract|carry|transport|deliver|move|treat|feed|harvest|grow|sell|collect|raise|receive|bring|generate|yield|burn|absorb|supply|finish|complete|provide|score|haul|catch|learn|accommodate|host|seat|ship)s?"
_USES = r"(?:use|burn|spend|need|produce|emit|take|cause|require|create|consume|pay)s?"
_MUCH = r"(?:the\s+)?(?:most|greatest|highest|largest|biggest|maximum|maximal)"
_LITTLE = r"(?:the\s+)?(?:least|fewest|lowest|smallest|minimum|minimal)"
_OF = r"(?:\s+possible)?(?P<of>(?:\s+(?:overall|total))?(?:\s+(?:amount|number|quantity)\s+of)?)"
_STOP = r"(?:if|when|while|given|subject|such|that|which|who|as|and|or|but|than|per|possible|at|in|on|by|of|from|for|with|without|left|behind|one|two|three)\b"
_NOUN = rf"(?P<noun>(?!{_STOP})[A-Za-z][\w'’-]*(?:\s+(?!{_STOP})[A-Za-z][\w'’-]*){{0,2}}?)(?:\s+possible)?"
_END = r"(?=\s*(?:[.?!,;]|$|\b(?:if|given|per|subject)\b))"
_CAN = r"(?:possible|(?:he|she|they|it|we)\s+can)"
_EARN = r"(?:make|makes|earn|earns|raise|bring\s+in|take\s+in|get|gain|collect|receive|generate)"
_MONEY = r"(?:money|cash|dollars)"
_GAIN = r"(?:profits?|revenues?|income|earnings|sales|returns?)"
_MORE_OF = r"(?P<size>most|greatest|highest|largest|biggest|maximum|maximal)"
_LESS_OF = r"(?P<size>least|fewest|lowest|smallest|minimum|minimal)"

# A form, what is written for it, and whether its noun has to be one that the text counts.
_FORMS: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new, counted)
    for pattern, new, counted in (
        (rf"\b{_TO}\s+{_EARN}\s+{_MUCH}{_OF}\s+{_MONEY}{_END}", "to maximize profit", False),
        (rf"\b{_TO}\s+{_EARN}\s+as\s+much\s+{_MONEY}\s+as\s+{_CAN}", "to maximize profit", False),
        (rf"\b{_TO}\s+(?:earn|make|profit)\s+the\s+most{_END}", "to maximize profit", False),
        (rf"\b{_TO}\s+(?:earn|make)\s+as\s+much\s+as\s+{_CAN}", "to maximize profit", False),
        (rf"\b{_TO}\s+be\s+paid\s+the\s+most{_END}", "to maximize profit", False),
        (rf"(?P<who>\bhow\s+many\b[^.?!]*?)\bwill\s+(?:earn|make|raise|bring\s+in)\s+the\s+most(?:\s+{_MONEY})?{_END}", r"\g<who>will maximize profit", False),
        (rf"\b{_TO}\s+[a-z]+\s+the\s+best(?:\s+possible)?\s+(?P<gain>profit|revenue|income|return){_END}", r"to maximize \g<gain>", False),
        (rf"\b(?:for|with)\s+{_MUCH}(?:\s+possible)?(?:\s+(?:total|overall))?\s+(?P<gain>{_GAIN}){_END}", r"to maximize \g<gain>", False),
        (rf"\bto\s+make\s+(?:the|its|his|her|their)\s+(?P<gain>{_GAIN})\s+(?:the\s+highest|the\s+largest|maximal|as\s+(?:high|large)\s+as\s+possible){_END}", r"to maximize \g<gain>", False),
        (rf"\b(?P<who>wants?|would\s+like)\s+(?:its|his|her|their)\s+(?P<gain>{_GAIN})\s+to\s+be\s+(?:maximal|maximum|maximized|as\s+(?:high|large)\s+as\s+possible)", r"\g<who> to maximize \g<gain>", False),
        (rf"\b(?P<what>{_GAIN}\s+(?:is|are|be))\s+(?:maximum|maximal|at\s+a\s+maximum|as\s+(?:large|high|big|great)\s+as\s+possible){_END}", r"\g<what> maximized", False),
        (rf"\b{_TO}\s+(?:spend|pay|use)\s+{_LITTLE}{_OF}\s+{_MONEY}{_END}", "to minimize cost", False),
        (rf"\b{_TO}\s+(?:spend|pay|use)\s+as\s+little\s+{_MONEY}\s+as\s+{_CAN}", "to minimize cost", False),
        (rf"\b{_TO}\s+(?:spend|pay)\s+(?:the\s+least|as\s+little\s+as\s+{_CAN}){_END}", "to minimize cost", False),
        (rf"\b(?:for|with)\s+{_LITTLE}{_OF}\s+{_MONEY}{_END}", "to minimize cost", False),
        (rf"\b(?:at|for|with)\s+{_LITTLE}(?:\s+possible)?(?:\s+(?:total|overall))?\s+(?:costs?|price|expense){_END}", "to minimize cost", False),
        (rf"\bto\s+make\s+(?:the|its|his|her|their)\s+(?:(?:total|daily)\s+)?costs?\s+(?:the\s+lowest|the\s+smallest|minimal|as\s+(?:low|small)\s+as\s+possible){_END}", "to minimize cost", False),
        (rf"\bto\s+(?:keep|reduce|bring)\s+(?:the|its|his|her|their)\s+costs?\s+(?:(?:down\s+)?(?:at|to)\s+a\s+minimum|(?:the\s+)?lowest|as\s+(?:low|small)\s+as\s+possible){_END}", "to minimize cost", False),
        (rf"\b(?P<what>costs?\s+(?:is|are|be))\s+(?:minimal|at\s+a\s+minimum|kept\s+(?:at|to)\s+(?:a|the)\s+minimum|as\s+(?:small|low)\s+as\s+possible){_END}", r"\g<what> minimized", False),
        (r"\b(?:Find|Determine|What\s+is)\s+the\s+cheapest\s+(?:diet|mix|blend|mixture|plan|combination|solution)(?=\s*[.?])", "Find how to minimize cost", False),
        (rf"\b{_TO}\s+(?:improve|increase|raise|boost)\s+(?:his|her|its|their|the|our)\s+(?P<noun>score|grade|mark|reach|output)\s+the\s+most{_END}", r"to maximize \g<noun>", True),
        (rf"\b{_TO}\s+{_GAINS}{_PARTICLE}\s+(?:the\s+)?{_MORE_OF}{_OF}\s+{_NOUN}{_END}", r"to maximize \g<noun>", True),
        (rf"\b{_TO}\s+{_USES}{_PARTICLE}\s+(?:the\s+)?{_LESS_OF}{_OF}\s+{_NOUN}{_END}", r"to minimize \g<noun>", True),
        (rf"\b{_TO}\s+{_GAINS}{_PARTICLE}\s+as\s+(?:many|much)\s+{_NOUN}\s+as\s+{_CAN}", r"to maximize \g<noun>", True),
        (rf"\b{_TO}\s+{_USES}{_PARTICLE}\s+as\s+(?:few|little)\s+{_NOUN}\s+as\s+{_CAN}", r"to minimize \g<noun>", True),
        (rf"\b(?P<who>how\s+(?:can|could|should)\s+[a-z]+(?:\s+[a-z]+){{0,2}}?)\s+{_GAINS}\s+as\s+(?:many|much)\s+{_NOUN}\s+as\s+possible", r"\g<who> maximize \g<noun>", True),
        (rf"\bso(?:\s+that)?\s+the\s+(?:most|largest\s+number\s+of)\s+{_NOUN}\s+(?:is|are)\s+(?:absorbed|fed|served|reached|carried|moved|treated|delivered|made|sold|produced|finished|transported){_END}", r"to maximize \g<noun>", True),
    )
)  # fmt: skip
# An aim is somebody's: what is *known to carry the most people* is no aim.
WANTED = re.compile(
    r"\b(?:how|what|which|find|determine|decide|calculate|compute|formulate|help|wants?|wish|wishes|would like|aims?|hopes?|goal|objective|tries|trying|plans?|should)\b",
    re.IGNORECASE,
)
# What may be an aim without the words for it.
_SUPERLATIVE = (
    r"(?<!at )the (?:most|least)(?! (?:popular|of\b))|the (?:fewest|lowest|highest|largest|biggest|smallest|greatest|cheapest)(?! of\b)|"
    r"as (?:many|much|few|little|low|high|small|large|cheap) (?:\w+ ){0,4}?as (?:possible|(?:he|she|they|it|we) can)|"
    r"with (?:minimal|minimum) \w+|with the (?:fewest|least|most)"
)
SUPERLATIVE = re.compile(rf"\b(?:{_SUPERLATIVE})\b", re.IGNORECASE)
# Whatever may be an aim: two of them in one sentence are two aims.
AIMED = re.compile(rf"\b(?:maximi[sz]\w*|minimi[sz]\w*|{_SUPERLATIVE})\b", re.IGNORECASE)
_TIMES = "time", "profit", "revenue", "income", "cost"
# Things that prevent something are not bought to have the least of it.
_PREVENTS = r"(?:stop|prevent|save|remove|reduce|avoid|cut|eliminate|filter|absorb|kill|block|catch|clean)(?:s|es)?"


def aim_of(said: str, text: str) -> tuple[str, str] | None:
    """What to write for what in a sentence that says its aim by a superlative; ``text`` is all of it."""
    if not WANTED.search(said) or len(AIMED.findall(said)) > 1:
        return None
    for form, new, counted in _FORMS:
        match = form.search(said)
        if match is not None:
            sure = not counted or _counted(match, "minimize" in new, said, text)
            return (match[0], match.expand(new)) if sure else None
    return None


def _counted(match: re.Match[str], least: bool, said: str, text: str) -> bool:
    """Whether the text tells numbers of the noun of an aim, by these very words, and of nothing that prevents it."""
    words = match["noun"].lower().split()
    groups = match.re.groupindex
    last = words[-1]
    if last.rstrip("s") in _TIMES:
        if last in {"time", "cost", "costs"} and not least:
            return False
        return len(words) == 1 and not (least and last.rstrip("s") in {"profit", "revenue", "income"})
    of = "of" in groups and (match["of"] or "").endswith("of")
    size = (match["size"] or "").lower() if "size" in groups else ""
    if size in {"largest", "biggest", "greatest", "highest", "smallest", "lowest"} and not of and last.endswith("s"):
        return False  # the largest parts are big, not many
    elsewhere = text.replace(said, " ")
    if not all(re.search(rf"\b{re.escape(w.rstrip('s'))}", elsewhere, re.IGNORECASE) for w in words):
        return False
    head = re.escape(last.rstrip("s") if len(last) > 3 else last)
    if least and re.search(rf"\b{_PREVENTS}\s+\d[^.,;]*\b{head}", elsewhere, re.IGNORECASE):
        return False
    return bool(re.search(rf"\d[\d,.]*\s+(?:[a-z-]+\s+){{0,3}}?{head}", elsewhere, re.IGNORECASE))


# "maximize the number of pallets moved per hour", where forklifts move 45 pallets per hour
RATE = re.compile(
    r"(\b(?:maximi[sz]e|minimi[sz]e)\b[^.?!,;]*?\b(?:([a-z]+?)s?)(?:\s+[a-z]+(?:ed|ing|de|lt|nt|ld))?)\s+per\s+(second|minute|hour|day|week|month|year)\b",
    re.IGNORECASE,
)
# "maximize the rent per night", where nothing else is told by another time
ONLY_RATE = re.compile(
    r"(\b(?:maximi[sz]es?|minimi[sz]es?)\b[^.?!,;]*?)\s+(?:per|each|a)\s+(hour|night|day|week|month|year)\b(?=\s*[.?!,])",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"\b(?:per|each|every|an?)\s+(second|minute|hour|night|day|week|month|year)\b|\b(hour|night|dai|week|month|year)ly\b",
    re.IGNORECASE,
)
