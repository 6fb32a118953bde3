"""Diagnostic codes of the fol backend."""

from __future__ import annotations

from quod.core.diagnostics import code

SYNTAX = code("fol.syntax", "A formula or a declaration cannot be read.")
SECTION = code("fol.section", "A line stands outside any section, or a section is unknown, missing or repeated.")
TOO_DEEP = code("fol.too_deep", "A formula or a term is nested more deeply than is read.")
FREE_VARIABLE = code("fol.free_variable", "A name is used like a variable but no quantifier binds it.")
ARITY = code("fol.arity", "A predicate or function is used with different numbers of arguments.")
SORT_CLASH = code("fol.sort_clash", "A term stands where a term of another sort is needed.")
UNKNOWN_SYMBOL = code("fol.unknown_symbol", "A formula uses a name that no declaration introduces.")
UNKNOWN_SORT = code("fol.unknown_sort", "A declaration or quantifier uses a sort that is not declared.")
DUPLICATE = code("fol.duplicate", "A name or an id is declared twice.")
PREDICATE_AS_TERM = code("fol.predicate_as_term", "A predicate stands where a term is needed.")
EMPTY_SORT = code("fol.empty_sort", "A closed sort has no elements: nothing could be of that sort.")
NO_QUESTION = code("fol.no_question", "The formal text asks nothing.")
UNUSED = code("fol.unused_symbol", "A declared symbol is never used.")
NEAR_MISS = code("faithfulness.near_miss", "Two names differ so little that one may be a slip of the other.")
UNMENTIONED = code("faithfulness.unmentioned_symbol", "The question uses a symbol that no premise mentions.")
MIXED = code("fol.mixed_and_or", "Conjunction and disjunction are mixed without parentheses.")
EXISTS_IMPLIES = code(
    "faithfulness.exists_implies", "An existential quantifier stands before an implication, which says next to nothing."
)
FORALL_AND = code(
    "faithfulness.forall_and", "A universal quantifier stands before a conjunction, which says it of everything."
)
VACUOUS = code("faithfulness.vacuous_quantifier", "A quantifier binds a variable that its body does not use.")
XOR_CHAIN = code("fol.xor_chain", "A chain of exclusive disjunctions says that an odd number of its parts hold.")
QUANTIFIER_SCOPE = code(
    "faithfulness.quantifier_scope", "A quantifier without parentheses was read as reaching to the end of the formula."
)
MENDED = code("fol.mended", "The notation was mended without touching the meaning.")
MENDED_GUESS = code("faithfulness.mended", "The notation was mended by a guess at what was meant.")
SHADOWED = code("fol.shadowed_variable", "A quantifier binds a variable that is already bound around it.")
INCONSISTENT = code("fol.inconsistent_premises", "The premises contradict each other.")
CONSISTENCY_UNKNOWN = code(
    "faithfulness.consistency_unknown", "It could not be shown that the premises do not contradict each other."
)
GAVE_UP = code("fol.gave_up", "No engine decided the question within the limits.")
EVIDENCE_REJECTED = code("fol.evidence_rejected", "An engine's evidence was not accepted by the checker.")
DISAGREE = code("fol.engines_disagree", "Two engines contradict each other.")
NOT_RULES = code("fol.not_rules", "A formula is not a rule, so the semantics asked for does not apply to it.")
NOT_STRATIFIED = code("fol.not_stratified", "Negation as failure goes round in a circle, so it has no single meaning.")
TABLE = code("fol.table", "A table of facts cannot be read or does not fit its declaration.")
REFUSED_COMMAND = code("fol.refused_command", "The text uses a command that reads or writes outside itself.")
UNSUPPORTED = code("fol.unsupported", "The text uses a construct that is not supported.")
OPEN_QUESTION = code("fol.missing_fact", "One fact, if it were known, would settle the question.")
FRAGILE = code(
    "faithfulness.undetermined",
    "A translation that nobody checked leaves the question open; a link lost in it would look the same.",
)
