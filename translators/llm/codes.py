"""Diagnostic and error codes of the language-model path."""

from __future__ import annotations

from quod.core.diagnostics import code

__all__ = [
    "AMBIGUOUS",
    "AUTHENTICATION",
    "BUDGET",
    "CHANGED_WORDS",
    "DANGLING",
    "DISAGREEMENT",
    "FILTERED",
    "MALFORMED",
    "MENDED_JSON",
    "NAME_LEFT_OUT",
    "NAME_MISSING",
    "NAME_VARIANT",
    "NEGATION_MISSING",
    "NESTED",
    "NOT_COMPARED",
    "NO_PRICE",
    "NUMBER_MISSING",
    "OPEN_BUT_FOR_CONVERSE",
    "OR_READING",
    "RATE_LIMITED",
    "READ_BACK_DIFFERS",
    "REFUSED",
    "REJECTED",
    "REPEATED_ARGUMENT",
    "SENTENCE_MISSING",
    "SERVER_ERROR",
    "TAKEN_FOR_GRANTED",
    "TIMEOUT",
    "TRUNCATED",
    "UNREACHABLE",
    "UNRECORDED",
    "UNSOURCED",
    "WRONG_SCHEMA",
]

# The call itself. These are the codes of ModelError.
UNREACHABLE = code("model.unreachable", "The language model's server could not be reached, or the connection broke.")
TIMEOUT = code("model.timeout", "The language model did not finish within the time one call may take.")
RATE_LIMITED = code("model.rate_limited", "The language model's server refused the call for now: too many requests.")
SERVER_ERROR = code("model.server_error", "The language model's server failed (status 5xx).")
AUTHENTICATION = code("model.authentication", "The language model's server did not accept the key.")
REJECTED = code("model.rejected", "The language model's server rejected the request as it is (status 4xx).")
GARBLED = code("model.garbled", "The language model's server answered something that is not its protocol.")
TOO_LONG = code("model.too_long", "The language model's server sent more than any answer may have.")
BUDGET = code(
    "model.budget", "A language-model call could have passed the budget of tokens or money, so it was not made."
)
NO_PRICE = code("model.no_price", "A money budget is set and no price is known for the model, so it was not called.")
UNRECORDED = code("model.unrecorded", "A replay has no recorded answer to this call.")
MISSING = code("model.not_installed", "The library that speaks this provider's protocol is not installed.")

# What the model said.
REFUSED = code("model.refused", "The language model declined to answer.")
FILTERED = code("model.filtered", "The provider's content filter stopped the answer.")
TRUNCATED = code("model.truncated", "The language model's answer was cut off at the token limit.")
MALFORMED = code("model.malformed", "No formal text could be found in the language model's answer.")
MENDED_JSON = code(
    "model.mended_json",
    "JSON with one mark too few or too many was mended: exactly one reading of it has the wanted shape.",
)
WRONG_SCHEMA = code("model.wrong_schema", "The language model's JSON answer does not have the shape asked for.")
AMBIGUOUS = code("faithfulness.ambiguous", "The language model reports that the text can be read in more than one way.")

# Whether the formal text says what the words say.
NUMBER_MISSING = code("faithfulness.number_missing", "A number of the problem does not occur in the formal text.")
NAME_MISSING = code("faithfulness.name_missing", "A name of the problem does not occur in the formal text.")
SENTENCE_MISSING = code("faithfulness.sentence_missing", "No part of the formal text came from this sentence.")
UNSOURCED = code("faithfulness.unsourced", "A premise of the formal text comes from no words of the problem.")
NAME_LEFT_OUT = code("faithfulness.name_left_out", "A sentence names what its formula leaves out and others do not.")
REPEATED_ARGUMENT = code("faithfulness.repeated_argument", "A relation is only ever said of a thing and itself.")
DANGLING = code("faithfulness.dangling_relation", "A relation named by a preposition is said of one thing only.")
NESTED = code("faithfulness.nested_application", "A predicate seems to stand where a thing should, inside another.")
NAME_VARIANT = code(
    "faithfulness.name_variant", "Two names differ by a word that the problem does not say: one may be a slip."
)
NEGATION_MISSING = code(
    "faithfulness.negation_missing", "A sentence of the problem is negated and the formula that stands for it is not."
)
DISAGREEMENT = code("faithfulness.candidates_disagree", "Independent translations of the text differ in meaning.")
NOT_COMPARED = code(
    "translate.candidates_not_compared", "Independent translations could not be compared, or too few could be read."
)
TAKEN_FOR_GRANTED = code(
    "faithfulness.taken_for_granted",
    "An open question would be settled by something the words may take for granted: that a thing is of a kind.",
)
OPEN_BUT_FOR_CONVERSE = code(
    "faithfulness.open_but_for_converse",
    "An open question would be settled if the rules also held the other way round: an answer to trust less.",
)
OR_READING = code(
    "faithfulness.or_reading",
    "The conclusion depends on whether an 'or' excludes both, and the words suggest otherwise.",
)
READ_BACK_DIFFERS = code(
    "faithfulness.read_back_differs", "The formal text, read back into words, does not say what the problem says."
)
CHANGED_WORDS = code("model.changed_words", "Polished wording changed a number or a name and was not used.")
NOT_SPLIT = code(
    "model.not_split", "The model's proposal to split the text into parts did not hold up; it was not split."
)
PART_MISSING = code("faithfulness.part_missing", "Words of the problem that none of its parts takes up.")
PART_CONTEXT = code(
    "faithfulness.part_context", "A part of a split problem leaves out a sentence about a name that it speaks of."
)
PART_REFERENCE = code(
    "faithfulness.part_reference",
    "Words are said to stand for the result of an earlier part, and do not point back to it by themselves.",
)
