"""What the two proof assistants share: statements, goals, feedback, the pool of sessions. Used by lean and rocq."""
