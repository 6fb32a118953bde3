"""Tool correction (after Lyra): the tactic of another assistant, or of another version, swapped for one that fits."""

from __future__ import annotations

import re

__all__ = ["corrected"]

# What language models write from memory of Lean or of older Rocq, and what does the same work here.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"\b(?:nlinarith|polyrith|positivity)\b(?:\s*\[[^\]]*\])?", "nra"),
    (r"\blinarith\b(?:\s*\[[^\]]*\])?", "lra"),
    (r"\b(?:omega|Omega|decide|bound)\b", "lia"),
    (r"\bnorm_num(?:1)?\b(?:\s*\[[^\]]*\])?(?:\s+at\s+[\w' ]+)?", "first [ lra | lia | vm_compute; reflexivity ]"),
    (r"\bring_nf\b(?:\s+at\s+[\w' ]+)?", "ring"),
    (r"\bring1\b", "ring"),
    (r"\bsimp(?:_all)?\b(?:\s+only)?(?:\s*\[[^\]]*\])?", "simpl"),
    (r"\bfield_simp\b(?:\s*\[[^\]]*\])?", "field_simplify"),
    (r"\b(?:aesop|tauto!|grind|blast|finish|hammer|sledgehammer)\b", "intuition"),
    (r"\brfl\b", "reflexivity"),
    (r"\bconstructor\s*<;>", "split;"),
    (r"\brintro\b", "intros"),
    (r"\bobtain\s+⟨([^⟩]*)⟩\s*:=\s*(\S+)", r"destruct \2 as [\1]"),
    (r"\brcases\s+(\S+)\s+with\s+⟨([^⟩]*)⟩", r"destruct \1 as [\2]"),
    (r"\bby_contra\s+(\w+)", r"apply NNPP; intro \1"),
    (r"\bexact\?", "assumption"),
    (r"\bnlia\b", "nia"),
    (r"\bR?solve_R\b", "lra"),
    (r"\b(?:fourier|psatzl R)\b", "lra"),
)
_COMPILED = tuple((re.compile(pattern), plain) for pattern, plain in _WORDS)


def corrected(sentence: str) -> str | None:
    """The sentence with foreign tactics swapped; None if there were none."""
    new = sentence
    for pattern, plain in _COMPILED:
        new = pattern.sub(plain, new)
    return new if new != sentence else None
