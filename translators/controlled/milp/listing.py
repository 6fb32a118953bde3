"""Listings: clauses that only name the things to decide, behind somebody who makes or sells them."""

# ruff: noqa: E501 - word lists stand in long lines

from __future__ import annotations

from quod.translators.controlled.milp.clauses import Clause
from quod.translators.controlled.milp.lexicon import FUNCTION, MEASURES, VERBS
from quod.translators.controlled.milp.limiting import limiting_word
from quod.translators.controlled.milp.scanner import CLASS
from quod.translators.controlled.milp.tokens import stem

__all__ = ["DOES", "listed", "listing"]

# What somebody does to the things he decides about: the verbs of a listing.
DOES = frozenset(
    """make makes making made produce produces producing produced manufacture manufactures manufacturing manufactured sell
    sells selling sold buy buys buying bought offer offers offering build builds building built hire hires hiring employ
    employs grow grows growing plant plants planting bake bakes baking brew brews brewing cook cooks create creates
    prepare prepares preparing transport transports transporting transported deliver delivers delivering delivered ship
    ships send sends sending move moves moving use uses using used provide provides supply supplies stock stocks store stores
    open opens run runs eat eats eating drink drinks drinking take takes taking taken serve serves serving prescribe
    prescribes recommend recommends invest invests investing investment investments choose chooses choosing decide
    decides sew sews knit knits craft crafts design designs assemble assembles produce extract extracts mine mines
    process processes implement implements has have had is are advertise advertises market markets raise raises give
    gives consist consists develop develops cut cuts performing perform performs conduct conducts show shows mix mixes
    consume consumes export exports import imports schedule schedules print prints paint paints rent rents go carry
    carries publish publishes distribute distributes clean cleans analyze analyzed sprays spray sprayed allocate
    feed feeds collects collect organize organizes attract treat treats teach teaches handle purchase purchases
    purchasing order orders package packages pack packs wrap wraps install installs wash washes repair repairs
    fix fixes rides send mills refine refines blends blend""".split()
)
_LISTING_WORDS = frozenset(
    "both can could either must need needs required with mix mixed mixes set sets grow grows own along fit other times "
    "as both increase reduce include includes waste double free fall reduce increase first second most more contain alone".split()
)

_JOINS = frozenset("both as well and or , the a an by of using on either in units from through with".split())


def listed(clause: Clause, nouns: frozenset[str]) -> bool:
    """Whether the things stand beside each other, joined by nothing but conjunctions."""
    for a, b in zip(clause.mentions, clause.mentions[1:], strict=False):
        gap = clause.tokens[a.end : b.start]
        told = [t for t in gap if t.low not in _JOINS and t.stem not in MEASURES | CLASS | nouns]
        # "by mobile vans and by walk-in booths": an adjective before each
        if len(gap) > 5 or len(told) > 1 or any(t.low in FUNCTION | VERBS or limiting_word(t.low) for t in told):
            return False
    return True


def listing(clause: Clause, nouns: frozenset[str]) -> bool:
    """Somebody makes, sells or uses exactly these things; or they are made."""
    first, last = clause.mentions[0].start, clause.mentions[-1].end
    before = [t.low for t in clause.tokens[:first] if t.kind == "word" and t.stem not in nouns]
    after = [t.low for t in clause.tokens[last:] if t.kind == "word" and t.stem not in nouns]
    if len(after) > 1 and after[-2] in {"every", "each"} and after[-1] in {"day", "week", "month", "year"}:
        after = after[:-2]
    kept = {"increase", "reduce"} | ({"each", "both"} if {"involving", "requiring"} & set(after) else set())
    if after[:2] in (["are", "both"], ["is", "both"]):
        kept |= {"both"}
    if "together" in after and {"create", "make", "form"} & set(after):
        kept |= {"together"}
    if any(limiting_word(w) and w not in kept for w in after) or (
        {"many", "much"} & set(before) and "how" not in before
    ):
        return False
    if {w for w in before if limiting_word(w)} - _LISTING_WORDS - {"only"}:
        return False
    if {"must", "need", "needs", "required"} & set(before) and not any(t.low == "or" for t in clause.tokens):
        return False
    if not before or all(w in FUNCTION or stem(w) in MEASURES for w in before):
        made = after[2:3] if after[1:2] == ["both"] else after[1:2]
        return not after or (after[0] in {"is", "are"} and bool(set(made) & DOES)) or not set(after) & VERBS
    return True
