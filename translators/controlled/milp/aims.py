"""Aims said by a superlative, told as the grammar knows them: *to make the most profit* is *to maximize profit*."""

# ruff: noqa: E501 - each form stands on one line

from __future__ import annotations

import re

__all__ = ["AIMS", "ONLY_RATE", "PERIOD", "RATE", "WANTED"]

_MOST = r"(?:the\s+)?(?:most|greatest|highest|largest|biggest|maximum|maximal)"
_LEAST = r"(?:the\s+)?(?:least|fewest|lowest|smallest|minimum|minimal)"
_PARTICLE = r"(?:\s+(?:in|out|up|away|off|down))?"
_TO = r"(?:in\s+order\s+to|so\s+as\s+to|so\s+that\s+(?:it|he|she|they|we|you|i)(?:\s+can|\s+will)?|to)"
_OF = r"(?:\s+possible)?(?:\s+(?:overall|total))?(?:\s+(?:amount|number|quantity|level)\s+of)?"
# What is wanted: up to six words that begin no other clause and hold no number.
_STOP = "if|when|while|given|subject|such|that|which|who|as|and|or|but|than|per|possible"
_NOUN = rf"(?P<noun>(?!(?:of|for|one|two|three|{_STOP})\b)[A-Za-z][\w'’-]*(?:\s+(?!(?:for|with|without|{_STOP})\b)[A-Za-z][\w'’-]*){{0,5}}?)(?:\s+possible)?"
_END = r"(?=\s*(?:[.?!,;]|$|\b(?:if|given|per|while|subject)\b))"
_CAN = r"(?:possible|(?:he|she|they|it|we)\s+can)"
_EARN = r"(?:make|makes|earn|earns|raise|bring|take|get|gain|collect|receive|generate)"
_MONEY = r"(?:money|cash|dollars)"

AIMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        (rf"\b{_TO}\s+{_EARN}{_PARTICLE}\s+{_MOST}{_OF}\s+{_MONEY}{_END}", "to maximize profit"),
        (rf"\b{_TO}\s+{_EARN}{_PARTICLE}\s+as\s+much\s+{_MONEY}\s+as\s+possible", "to maximize profit"),
        (rf"\b{_TO}\s+(?:earn|make|profit)\s+the\s+most{_END}", "to maximize profit"),
        (rf"\b{_TO}\s+(?:earn|make)\s+as\s+much(?:\s+{_MONEY})?\s+as\s+{_CAN}", "to maximize profit"),
        (rf"\b{_TO}\s+(?:improve|increase|raise|boost)\s+(?:his|her|its|their|the|our)\s+(?P<noun>[a-z]+)\s+the\s+most{_END}", r"to maximize \g<noun>"),
        (rf"\b{_TO}\s+(?:spend|pay|use)\s+{_LEAST}{_OF}\s+{_MONEY}{_END}", "to minimize cost"),
        (rf"\b{_TO}\s+(?:spend|pay|use)\s+as\s+little\s+{_MONEY}\s+as\s+possible", "to minimize cost"),
        (rf"\b(?:for|with)\s+{_LEAST}{_OF}\s+{_MONEY}{_END}", "to minimize cost"),
        (rf"\b(?:at|for|with)\s+{_LEAST}(?:\s+possible)?(?:\s+(?:total|overall))?\s+(?:costs?|price|expense){_END}", "to minimize cost"),
        (rf"\b{_TO}\s+[a-z]+{_PARTICLE}\s+{_MOST}{_OF}\s+{_NOUN}{_END}", r"to maximize \g<noun>"),
        (rf"\b{_TO}\s+[a-z]+{_PARTICLE}\s+{_LEAST}{_OF}\s+{_NOUN}{_END}", r"to minimize \g<noun>"),
        (rf"\b{_TO}\s+[a-z]+{_PARTICLE}\s+as\s+(?:many|much)\s+{_NOUN}\s+as\s+{_CAN}", r"to maximize \g<noun>"),
        (rf"\b{_TO}\s+[a-z]+{_PARTICLE}\s+as\s+(?:few|little)\s+{_NOUN}\s+as\s+{_CAN}", r"to minimize \g<noun>"),
        (rf"\b(wants?|would\s+like|wishes)\s+as\s+(?:many|much)\s+{_NOUN}\s+as\s+possible", r"\1 to maximize \g<noun>"),
        (rf"\b(how\s+(?:can|could|should)\s+[a-z]+(?:\s+[a-z]+){{0,2}}?)\s+[a-z]+\s+as\s+(?:many|much)\s+{_NOUN}\s+as\s+possible", r"\1 maximize \g<noun>"),
        (rf"\b{_TO}\s+(?:spend|pay)\s+(?:the\s+least|as\s+little\s+as\s+possible){_END}", "to minimize cost"),
        (rf"\b{_TO}\s+be\s+paid\s+the\s+most{_END}", "to maximize profit"),
        (rf"\bwill\s+(?:earn|make|raise|bring\s+in)\s+the\s+most(?:\s+{_MONEY})?{_END}", "will maximize profit"),
        (rf"\bso(?:\s+that)?\s+the\s+(?:most|largest\s+number\s+of)\s+{_NOUN}\s+(?:is|are)\s+[a-z]+{_END}", r"to maximize \g<noun>"),
        (rf"\bso(?:\s+that)?\s+the\s+(?:least|fewest)\s+{_NOUN}\s+(?:is|are)\s+[a-z]+{_END}", r"to minimize \g<noun>"),
        (rf"\b(?:for|with)\s+{_MOST}(?:\s+possible)?(?:\s+(?:total|overall|yearly|daily|weekly|monthly))?\s+(profit|revenue|income|earnings|sales|return){_END}", r"to maximize \1"),
        (rf"\b(?:for|with)\s+(?:the\s+)?(?:minimal|minimum|least|lowest|smallest)(?:\s+(?:total|overall|daily|weekly))?\s+costs?{_END}", "to minimize cost"),
        (rf"\bto\s+make\s+(?:the|its|his|her|their)\s+(?P<noun>[a-z]+(?:\s+[a-z]+)?)\s+(?:the\s+highest|the\s+largest|maximal|as\s+(?:high|large)\s+as\s+possible){_END}", r"to maximize \g<noun>"),
        (rf"\bto\s+make\s+(?:the|its|his|her|their)\s+(?P<noun>[a-z]+(?:\s+[a-z]+)?)\s+(?:the\s+lowest|the\s+smallest|minimal|as\s+(?:low|small)\s+as\s+possible){_END}", r"to minimize \g<noun>"),
        (rf"\bto\s+(?:keep|reduce|bring)\s+(?:the|its|his|her|their)\s+(?P<noun>[a-z]+(?:\s+[a-z]+)?)\s+(?:down\s+)?(?:at|to)\s+a\s+minimum{_END}", r"to minimize \g<noun>"),
        (rf"\b{_TO}\s+[a-z]+\s+the\s+best(?:\s+possible)?\s+(profit|revenue|income|return){_END}", r"to maximize \1"),
        (r"\b(wants?|would\s+like)\s+(?:its|his|her|their)\s+(?P<noun>[a-z]+)\s+to\s+be\s+(?:maximal|maximum|maximized|as\s+(?:high|large)\s+as\s+possible)", r"\1 to maximize \g<noun>"),
        (rf"\b(is|are)\s+kept\s+(?:at|to)\s+(?:a|the)\s+minimum{_END}", r"\1 minimized"),
        (rf"\bto\s+keep\s+(?:the|its|his|her|their)\s+(?P<noun>[a-z]+)\s+(?:the\s+)?(?:lowest|smallest|as\s+(?:low|small)\s+as\s+possible){_END}", r"to minimize \g<noun>"),
        (rf"\b(is|are)\s+(?:maximum|maximal|at\s+a\s+maximum){_END}", r"\1 maximized"),
        (rf"\b(is|are)\s+(?:minimal|at\s+a\s+minimum){_END}", r"\1 minimized"),
        (r"\b(is|are|be)\s+as\s+(?:small|low|little|cheap)\s+as\s+possible", r"\1 minimized"),
        (r"\b(is|are|be)\s+as\s+(?:large|high|big|great)\s+as\s+possible", r"\1 maximized"),
        (r"\b(?:Find|Determine|What\s+is)\s+the\s+cheapest\s+(?:diet|mix|blend|mixture|plan|combination|solution)(?=\s*[.?])", "Find how to minimize cost"),
    )
)  # fmt: skip
# An aim is somebody's: what is *known to carry the most people* is no aim.
WANTED = re.compile(
    r"\b(?:how|what|which|find|determine|decide|calculate|compute|formulate|help|wants?|wish|wishes|would like|aims?|hopes?|goal|objective|tries|trying|plans?|should)\b",
    re.IGNORECASE,
)
# "maximize the number of pallets moved per hour", where forklifts move 45 pallets per hour
# "maximize the rent per night", where nothing else is told by another time
ONLY_RATE = re.compile(
    r"(\b(?:maximi[sz]es?|minimi[sz]es?)\b[^.?!,;]*?)\s+(?:per|each|a)\s+(hour|night|day|week|month|year)\b(?=\s*[.?!,])",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"\b(?:per|each|every|an?)\s+(second|minute|hour|night|day|week|month|year)\b|\b(hour|night|dai|week|month|year)ly\b",
    re.IGNORECASE,
)
RATE = re.compile(
    r"(\b(?:maximi[sz]e|minimi[sz]e)\b[^.?!,;]*?\b(?:([a-z]+?)s?)(?:\s+[a-z]+(?:ed|ing|de|lt|nt|ld))?)\s+per\s+(second|minute|hour|day|week|month|year)\b",
    re.IGNORECASE,
)
