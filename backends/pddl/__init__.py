"""Planning: PDDL in, a replayed plan out. See docs/pddl.md."""
