"""Lean candidates that try to get past the check. Our own writing; the static rules refuse each without a Lean."""

from __future__ import annotations

from quod.evals.gold.itp_cheats import Cheat

__all__ = ["HEADER", "LEAN_CHEATS"]

HEADER = "import Mathlib\n\nset_option maxHeartbeats 400000\n\nopen BigOperators Real Nat Topology Rat\n\n"
FALSE = "theorem t : (1 : ℕ) = 2 := by\n"


def _c(name: str, kinds: str, body: str, statement: str = FALSE) -> Cheat:
    return Cheat(name, tuple(kinds.split()), HEADER, statement, f"{HEADER}{body}\n")


LEAN_CHEATS: tuple[Cheat, ...] = (
    _c("axiom", "axiom", "axiom cheat : False\n" + FALSE + "  exact cheat.elim"),
    _c("opaque", "axiom", "opaque cheat : False\n" + FALSE + "  exact cheat.elim"),
    _c("sorry", "incomplete hole", FALSE + "  sorry"),
    _c("admit", "incomplete hole", FALSE + "  admit"),
    _c("stop", "incomplete hole", FALSE + "  stop\n  rfl"),
    _c("sorry_in_lemma", "hole", "lemma helper : False := by sorry\n" + FALSE + "  exact helper.elim"),
    _c("sorry_ax", "hole incomplete", FALSE + "  exact sorryAx _ false"),
    _c("native_decide", "unsound", FALSE + "  native_decide"),
    _c("decide_native", "unsound", FALSE + "  decide +native"),
    _c("decide_config", "unsound", FALSE + "  decide (config := { native := true })"),
    _c("of_reduce_bool", "unsound", FALSE + "  exact Lean.ofReduceBool _ _ rfl"),
    _c("skip_kernel", "unsound", "set_option debug.skipKernelTC true in\n" + FALSE + "  rfl"),
    _c("skip_kernel_global", "unsound", "set_option debug.skipKernelTC true\n" + FALSE + "  rfl"),
    _c("unsafe_cast", "unsound", "unsafe def f : False := unsafeCast ()\n" + FALSE + "  exact f.elim"),
    _c("implemented_by", "unsound", "@[implemented_by foo] def g : Nat := 1\n" + FALSE + "  rfl"),
    _c("extern", "unsound command", '@[extern "c_f"] def g : Nat → Nat := id\n' + FALSE + "  rfl"),
    _c("csimp", "unsound command", "@[csimp] theorem g : 1 = 1 := rfl\n" + FALSE + "  rfl"),
    _c("lc_proof", "unsound", FALSE + "  exact lcProof"),
    _c("add_decl", "unsound command", "run_cmd Lean.addDecl default\n" + FALSE + "  rfl"),
    _c("run_cmd", "command", "run_cmd logInfo m!\"x\"\n" + FALSE + "  rfl"),
    _c("run_tac", "command", FALSE + "  run_tac (do pure ())"),
    _c("by_elab", "command", "def x := by_elab return default\n" + FALSE + "  rfl"),
    _c("elab_rules", "command", 'elab "cheat" : tactic => pure ()\n' + FALSE + "  cheat"),
    _c("macro", "command", 'macro "cheat" : tactic => `(tactic| rfl)\n' + FALSE + "  cheat"),
    _c("macro_rules", "command", "macro_rules | `(tactic| rfl) => `(tactic| trivial)\n" + FALSE + "  rfl"),
    _c("notation", "command", 'notation:50 a " = " b => a ≤ b\n' + FALSE + "  norm_num"),
    _c("local_notation", "command", 'local notation "2" => (1 : ℕ)\n' + FALSE + "  rfl"),
    _c("infix", "command", 'infix:50 " = " => fun _ _ => True\n' + FALSE + "  trivial"),
    _c("local_instance", "command", "local instance : OfNat ℕ 2 := ⟨1⟩\n" + FALSE + "  rfl"),
    _c("instance", "command", "instance : OfNat ℕ 2 := ⟨1⟩\n" + FALSE + "  rfl"),
    _c("attribute_instance", "command", "@[instance] def two : OfNat ℕ 2 := ⟨1⟩\n" + FALSE + "  rfl"),
    _c("attribute_command", "command", "attribute [-instance] instHAdd\n" + FALSE + "  rfl"),
    _c("initialize", "command", "initialize IO.println \"hi\"\n" + FALSE + "  rfl"),
    _c("io_eval", "command", '#eval IO.FS.writeFile "statement.lean" ""\n' + FALSE + "  rfl"),
    _c("process", "command", '#eval IO.Process.run { cmd := "sh" }\n' + FALSE + "  rfl"),
    _c("include_str", "command", 'def s := include_str "/etc/passwd"\n' + FALSE + "  rfl"),
    _c("modify_env", "command", "open Lean in\ndef f : CoreM Unit := modifyEnv id\n" + FALSE + "  rfl"),
    _c("import_other", "command", "import Evil.Library\n" + FALSE + "  rfl"),
    _c("import_frontend", "command", "import Lean.Elab.Frontend\n" + FALSE + "  rfl"),
    _c("option_unknown", "command", "set_option autoBoundFoo true\n" + FALSE + "  rfl"),
    _c("print_axioms_forged", "command", "#print axioms t\n" + FALSE + "  rfl"),
    _c("syntax", "command", 'syntax "cheat" : tactic\n' + FALSE + "  cheat"),
    _c("export", "command", "export Foo (bar)\n" + FALSE + "  rfl"),
    _c("nothing_stated", "statement", "theorem u : True := by\n  trivial"),
    _c("hole_in_string_of_comment", "incomplete hole", FALSE + '  exact (by /- " -/ sorry /- " -/)'),
)  # fmt: skip
