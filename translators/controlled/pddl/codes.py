"""Diagnostic codes of the controlled-English planning translator."""

from __future__ import annotations

from quod.core.diagnostics import code

__all__ = ["AMBIGUOUS", "BAD_LEXICON", "BAD_TABLE", "CLASH", "COUNT", "KIND_CLASH", "NO_GOAL", "UNSAID"]

UNSAID = code("translate.pddl_unsaid", "The domain needs something that the words do not say.")
COUNT = code("translate.pddl_count", "The words give a number of things and name another number of them.")
CLASH = code("translate.pddl_clash", "The words say two things of one, and only one of them can hold.")
KIND_CLASH = code("translate.pddl_kind_clash", "One name is used for two kinds of things.")
NO_GOAL = code("translate.pddl_no_goal", "The words state no goal.")
BAD_LEXICON = code("translate.pddl_lexicon", "A lexicon file is not what docs/pddl.md describes.")
BAD_TABLE = code("translate.pddl_table", "A table given as context does not fit the lexicon.")
AMBIGUOUS = code("translate.pddl_ambiguous", "Several lexicons account for every word, with different meanings.")
