"""Every diagnostic code of the rocq backend."""

from __future__ import annotations

from quod.core.diagnostics import code

__all__: list[str] = []

# reading
NO_STATEMENT = code("rocq.no_statement", "The text holds no theorem to prove, or its statement cannot be read.")
UNTERMINATED = code("rocq.unterminated", "A sentence has no full stop at its end.")
TOO_LONG = code("rocq.too_long", "The text is longer than the backend reads.")
MENDED = code("rocq.mended", "Notation was repaired without touching meaning.")
NOT_INSTALLED = code("rocq.not_installed", "coqc is not on the path, so nothing could be checked.")

# what came of a check
INCOMPLETE = code("rocq.incomplete", "The proof stops before its end: goals are left, or a hole is.")
NO_PROOF_FOUND = code("rocq.no_proof_found", "The automation found no proof within its limits.")
TIMEOUT = code("rocq.timeout", "The proof, or one tactic of it, ran out of time.")
MEMORY = code("rocq.memory", "Rocq ran out of memory or stack.")
CRASHED = code("rocq.crashed", "Rocq died, hung or printed what could not be read.")
CHEAT_STATEMENT = code("rocq.cheat_statement", "The candidate does not prove the pinned statement but something else.")
CHEAT_AXIOM = code("rocq.cheat_axiom", "The proof rests on an axiom outside the allow-list.")
CHEAT_UNSOUND = code("rocq.cheat_unsound", "Part of the kernel's checking was switched off.")
CHEAT_COMMAND = code("rocq.cheat_command", "The candidate uses a command outside the allow-list.")
CHEAT_HOLE = code("rocq.cheat_hole", "The proof rests on an admitted lemma.")
AXIOMS = code("rocq.axioms", "What the proof rests on.")
FLOAT_TIER = code("rocq.float_axioms", "The proof rests on the axioms of primitive integers or floats (second tier).")
DISPROVED = code("rocq.disproved", "The statement is false; the counterexample was checked by the kernel.")
STATEMENT_FAILS = code("rocq.statement_fails", "The statement itself is rejected by Rocq, before any proof.")

# errors of Rocq, by kind
SYNTAX = code("rocq.syntax", "A sentence does not parse.")
UNKNOWN_REFERENCE = code("rocq.unknown_reference", "A name (lemma, tactic, definition) is not known here.")
UNKNOWN_LIBRARY = code("rocq.unknown_library", "A library that is required is not installed.")
TYPE_MISMATCH = code("rocq.type_mismatch", "A term has another type than is expected.")
UNIFICATION = code("rocq.unification", "Two terms could not be made equal.")
NO_SUCH_GOAL = code("rocq.no_such_goal", "There is no goal left, or not the one focused on.")
BULLET = code("rocq.bullet", "A bullet or brace is out of place.")
INTRO = code("rocq.intro", "There is nothing to introduce, or not as the pattern says.")
NAME_CLASH = code("rocq.name_clash", "A name is used twice.")
REWRITE = code("rocq.rewrite", "The term to rewrite does not occur.")
ARITHMETIC = code("rocq.arithmetic", "An arithmetic tactic found no proof.")
RING = code("rocq.ring", "The two sides are not equal as polynomials or fractions.")
TACTIC_FAILED = code("rocq.tactic_failed", "A tactic does not apply or failed.")
UNIVERSE = code("rocq.universe", "Universe levels are inconsistent.")
TERMINATION = code("rocq.termination", "A recursive definition is not seen to terminate.")
OTHER = code("rocq.other", "An error of Rocq of no listed kind.")
AUTOMATION_FAILS = code("rocq.automation_fails", "The automation's tactics cannot be loaded beside this header.")

# doubts about the statement
VACUOUS = code("faithfulness.rocq_vacuous", "The hypotheses contradict each other, so the statement says nothing.")
NAT_SUBTRACTION = code("rocq.nat_subtraction", "Subtraction on natural numbers stops at zero.")
NAT_DIVISION = code("rocq.nat_division", "Division on natural numbers or integers drops the remainder.")
ZERO_DIVISION = code("rocq.zero_division", "A quotient by what may be zero has a conventional value.")
HEADER_AXIOM = code("faithfulness.rocq_header_axiom", "The header assumes something without proof.")
HEADER_AXIOM_GIVEN = code("rocq.header_axiom", "The header, as the person gave it, assumes something without proof.")
