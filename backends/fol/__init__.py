"""First-order logic: entailment, puzzles and arithmetic, decided and evidenced. See docs/fol.md."""
