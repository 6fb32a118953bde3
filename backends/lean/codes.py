"""Every diagnostic code of the lean backend."""

from __future__ import annotations

from quod.core.diagnostics import code

__all__: list[str] = []

# reading, and the machinery
NO_STATEMENT = code("lean.no_statement", "The text holds no theorem to prove, or its statement cannot be read.")
TOO_LONG = code("lean.too_long", "The text is longer than the backend reads.")
MENDED = code("lean.mended", "Notation was repaired without touching meaning.")
NOT_INSTALLED = code("lean.not_installed", "No Lean REPL and no Kimina server is at hand, so nothing was checked.")
REPL_DIED = code("lean.repl_died", "The REPL died, hung, ran out of memory or printed garbage, twice.")
REPL_ERROR = code("lean.repl_error", "The REPL refused the request itself.")

# what came of a check
INCOMPLETE = code("lean.incomplete", "The proof has a hole (sorry) or stops before its end.")
NO_PROOF_FOUND = code("lean.no_proof_found", "The automation found no proof within its limits.")
TIMEOUT = code("lean.timeout", "The proof, or one tactic of it, ran out of time or heartbeats.")
SECOND_JUDGE = code("lean.second_judge", "A second judge, of other authors, accepts the proof too.")
SECOND_JUDGE_ABSENT = code("lean.second_judge_absent", "The second judge that is configured could not be run.")
SECOND_JUDGE_REFUSES = code("lean.second_judge_refuses", "The second judge does not accept the proof.")
UNAUDITED = code("lean.unaudited", "A server accepted the proof, but pin and audit did not run here.")
AXIOMS = code("lean.axioms", "What the proof rests on.")
CHEAT_STATEMENT = code("lean.cheat_statement", "The candidate does not prove the pinned statement but something else.")
CHEAT_AXIOM = code("lean.cheat_axiom", "The proof rests on an axiom outside the allow-list.")
CHEAT_UNSOUND = code("lean.cheat_unsound", "The kernel is bypassed, or compiled code is trusted.")
CHEAT_COMMAND = code("lean.cheat_command", "The candidate uses a command outside the allow-list.")
CHEAT_HOLE = code("lean.cheat_hole", "The proof hides a hole.")

# errors of Lean, by kind
UNSOLVED_GOALS = code("lean.unsolved_goals", "Goals are left where the proof ends.")
NO_GOALS = code("lean.no_goals", "There is no goal left for this step.")
SYNTAX = code("lean.syntax", "The text does not parse.")
UNKNOWN_NAME = code("lean.unknown_name", "An identifier, constant, tactic, rule set or option is not known.")
TYPE_MISMATCH = code("lean.type_mismatch", "A term has another type than is expected.")
SYNTHESIS = code("lean.synthesis", "A type class instance could not be found.")
PLACEHOLDER = code("lean.placeholder", "A placeholder or implicit argument could not be filled in.")
REWRITE = code("lean.rewrite", "The pattern to rewrite does not occur, or the motive is not type correct.")
NO_PROGRESS = code("lean.no_progress", "A tactic made no progress.")
AUTOMATION = code("lean.automation_failed", "A search tactic failed after looking everywhere.")
SEARCH_LIMIT = code("lean.search_limit", "A search or recursion limit was reached.")
ARITHMETIC = code("lean.arithmetic", "An arithmetic tactic found no proof.")
FALSE_GOAL = code("lean.false_goal", "The goal is false: it was decided or a counterexample was found.")
DEFEQ = code("lean.not_defeq", "Two terms or values are not equal by definition.")
TACTIC_MISUSE = code("lean.tactic_misuse", "A tactic does not apply to a goal or argument of this form.")
ELABORATION = code("lean.elaboration", "A term is well formed as text but cannot be given a meaning here.")
DECLARATION = code("lean.declaration", "A declaration or attribute is not allowed as it stands.")
DERIVING = code("lean.deriving", "An instance could not be derived.")
RULE = code("lean.rule", "A rule for a search tactic is not usable.")
KERNEL = code("lean.kernel", "The kernel rejects the declaration.")
TERMINATION = code("lean.termination", "A recursive definition is not seen to terminate.")
LINTER = code("lean.linter", "A linter complains.")
META_TEST = code("lean.meta_test", "A command that tests tactics did not see what it expected.")
OTHER = code("lean.other", "An error of Lean of no listed kind.")

# doubts about the statement
NAT_SUBTRACTION = code("lean.nat_subtraction", "Subtraction on natural numbers stops at zero.")
NAT_DIVISION = code("lean.nat_division", "Division on natural numbers or integers drops the remainder.")
ZERO_DIVISION = code("lean.zero_division", "A quotient by zero is zero in Mathlib.")
HEADER_AXIOM = code("faithfulness.lean_header_axiom", "The header assumes something without proof.")
SHADOWED_HYPOTHESIS = code("lean.shadowed_hypothesis", "Two hypotheses have one name, so the first is out of reach.")
