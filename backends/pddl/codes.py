"""Every diagnostic code of the pddl backend, in one place."""

from __future__ import annotations

from quod.core.diagnostics import code

# --- notation -------------------------------------------------------------------------------------------------
EMPTY = code("pddl.empty", "There is no PDDL in the text: nothing that begins with '(define'.")
MISSING_PAREN = code("pddl.missing_parenthesis", "A '(' was never closed; noticed where the next section begins.")
EXTRA_PAREN = code("pddl.extra_parenthesis", "A ')' closes something that was closed before.")
TOO_DEEP = code("pddl.too_deep", "Parentheses are nested deeper than any PDDL needs; the text was not read.")
BAD_CHARACTER = code("pddl.bad_character", "A character that PDDL does not know.")
SYNTAX = code("pddl.syntax", "Something stands where PDDL expects something else.")
UNKNOWN_SECTION = code("pddl.unknown_section", "A section (a list beginning with ':') that PDDL does not know.")
DUPLICATE_SECTION = code("pddl.duplicate_section", "A section that may occur once occurs twice.")
MISSING_SECTION = code("pddl.missing_section", "A section that PDDL requires is not there.")
MISSING_DOMAIN = code("pddl.missing_domain", "A problem without a domain: neither the text nor the context has one.")
MISSING_PROBLEM = code("pddl.missing_problem", "A domain without a problem.")
SEVERAL = code("pddl.several_definitions", "More than one domain or more than one problem.")
NOT_TEXT = code("pddl.context_unreadable", "A context file could not be read as text.")
STRIPPED = code("pddl.stripped", "Code fences or prose around the PDDL were taken away.")
MENDED = code("pddl.mended", "The notation was mended without touching the meaning.")

# --- names and types ------------------------------------------------------------------------------------------
UNKNOWN_PREDICATE = code("pddl.unknown_predicate", "A predicate that the domain does not declare.")
UNKNOWN_FUNCTION = code("pddl.unknown_function", "A numeric function that the domain does not declare.")
UNKNOWN_TYPE = code("pddl.unknown_type", "A type that the domain does not declare.")
UNKNOWN_OBJECT = code("pddl.unknown_object", "An object that neither :objects nor :constants declares.")
UNKNOWN_ACTION = code("pddl.unknown_action", "A plan step whose action the domain does not declare.")
UNBOUND_VARIABLE = code("pddl.unbound_variable", "A variable that no parameter list or quantifier binds.")
VARIABLE_IN_GROUND = code("pddl.variable_not_allowed", "A variable where only objects may stand.")
WRONG_ARITY = code("pddl.wrong_arity", "A predicate, function or action with too many or too few arguments.")
WRONG_TYPE = code("pddl.wrong_type", "An argument of a type that the declaration does not allow.")
DUPLICATE_NAME = code("pddl.duplicate_name", "One name declared twice.")
TYPE_CYCLE = code("pddl.type_cycle", "A type that is its own ancestor.")
DOMAIN_MISMATCH = code("pddl.domain_mismatch", "The problem names another domain than the one at hand.")
NEGATED_INIT = code("pddl.negated_init", "A negated fact in :init; what is not listed there is false anyway.")
MISSING_REQUIREMENT = code("pddl.missing_requirement", "A feature is used that :requirements does not name.")
UNKNOWN_REQUIREMENT = code("pddl.unknown_requirement", "A requirement flag that PDDL does not know.")
UNSUPPORTED = code("pddl.unsupported", "A feature of PDDL that quod does not support.")
DERIVED_EFFECT = code("pddl.derived_in_effect", "An action or :init sets a derived predicate.")
DERIVED_CYCLE = code("pddl.derived_not_stratified", "A derived predicate depends on its own negation.")
STATIC_EFFECT = code("pddl.static_effect", "A predicate that looks like a fixed map or order is changed by an action.")
UNUSED_PARAMETER = code("pddl.unused_parameter", "An action parameter that neither precondition nor effect uses.")
CONTRADICTORY = code("pddl.contradiction", "A condition that can never hold.")
FUNCTION_UNSET = code("pddl.function_unset", "A numeric function that is read but has no value in :init.")

# --- solving --------------------------------------------------------------------------------------------------
INVALID_PLAN = code("pddl.invalid_plan", "An engine's plan that our validator rejected.")
UNSOLVABLE = code("pddl.unsolvable", "Why no plan exists.")
NOT_OPTIMAL = code("pddl.optimality_not_checked", "A best plan was asked for, and that this one is best is not proved.")
DISAGREE = code("pddl.engines_disagree", "Two engines, or an engine and our own bound, contradict each other.")
NO_ENGINE = code("pddl.no_engine", "No installed engine reads this kind of PDDL.")
LICENCE = code("pddl.licence_not_accepted", "A planner was not run because nobody accepted its licence.")
LEVEL = code("pddl.engine_note", "What an engine said that a person may want to know.")

# --- does it say what was said? ----------------------------------------------------------------------------------
NAME_UNUSED = code("faithfulness.pddl_object_unused", "An object that no initial fact and no goal mentions.")
NAME_NOT_IN_PDDL = code("faithfulness.pddl_name_missing", "A name in the words that the formal problem lacks.")
NAME_NOT_IN_TEXT = code("faithfulness.pddl_name_invented", "An object of a named series that the words do not name.")
COUNT_MISMATCH = code("faithfulness.pddl_count", "The words say how many there are; the problem has another number.")
FACT_MISSING = code("faithfulness.pddl_fact_missing", "A sentence says something that no initial fact or goal says.")
STATIC_INCOMPLETE = code("faithfulness.pddl_static_incomplete", "A fixed relation looks incomplete: a grid with gaps.")
PLACE_MISSING = code("faithfulness.pddl_no_place", "An object has none of the facts that its likes all have.")
INVARIANT_BROKEN = code("faithfulness.pddl_invariant", "The initial state breaks an invariant that the actions keep.")
UNREACHABLE_GOAL = code("faithfulness.pddl_goal_unreachable", "A goal fact that no action can ever bring about.")
EMPTY_STATIC = code("faithfulness.pddl_static_empty", "A fixed relation that actions need has no facts at all.")
FACT_INVENTED = code("faithfulness.pddl_fact_invented", "An initial fact joins things that no sentence names together.")
