"""Lean 4: candidate proofs judged through a REPL or a Kimina-protocol server. See docs/lean.md."""
