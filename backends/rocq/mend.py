"""Notation repaired without touching meaning: code fences, prose around the text, look-alike symbols."""

from __future__ import annotations

import re

from quod.backends.rocq import codes
from quod.backends.rocq.sentences import split, strip_comments
from quod.core.diagnostics import Diagnostic
from quod.core.protocols import Mended

__all__ = ["mend"]

_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)[ \t]*$", re.MULTILINE | re.DOTALL)
_BEGINS = re.compile(
    r"^[ \t]*(?:From\s|Require\s|Import\s|Open\s|Set\s|Local\s|Section\s|Module\s|Definition\s|Fixpoint\s|Inductive\s|"
    r"Theorem\s|Lemma\s|Example\s|Corollary\s|Proposition\s|Fact\s|Remark\s|Notation\s|Parameter\s|Axiom\s|\(\*)",
    re.MULTILINE,
)
_SYMBOLS = {
    "∀": "forall ", "∃": "exists ", "→": "->", "↔": "<->", "∧": "/\\", "∨": "\\/", "¬": "~ ", "≤": "<=", "≥": ">=",
    "≠": "<>", "×": "*", "·": "*", "−": "-", "–": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ",
    "λ": "fun ",
    "ℝ": "R", "ℕ": "nat", "ℤ": "Z", "²": "^2", "³": "^3", "⇒": "=>", "\r\n": "\n",
}  # fmt: skip
_TACTICS = (
    # the library that brings a tactic, the tactic, and what else in a text brings it
    ("Coq.micromega.Lia", r"\b(?:lia|nia)\b", r"\b(?:Lia|Psatz)\b"),
    ("Coq.micromega.Lra", r"\b(?:lra|nra)\b", r"\b(?:Lra|Lqa|Psatz)\b"),
    ("Coq.micromega.Psatz", r"\bpsatz\b", r"\bPsatz\b"),
    ("Coq.nsatz.Nsatz", r"\bnsatz\b", r"\bNsatz\b"),
    ("Interval.Tactic", r"\binterval\b", r"\bInterval\b"),
)
_PROOF = re.compile(r"^([ \t]*Proof\.)[ \t]*$", re.MULTILINE)


def mend(text: str) -> Mended:
    """The text with the repairs that cannot change what it says, and a note for each."""
    notes: list[Diagnostic] = []
    fences = _FENCE.findall(text)
    if fences:
        text = max(fences, key=len)
        notes.append(codes.MENDED.info("took the text out of its code fence"))
    start = _BEGINS.search(text)
    if start and text[: start.start()].strip() and not text.lstrip().startswith("#["):
        text = text[start.start() :]
        notes.append(codes.MENDED.info("left out the words before the first command"))
    if ("Utf8" not in text and "∀" in text) or (
        any(symbol in text for symbol in "≤≥≠→∧∨¬ℝℕℤ²³−–\u00a0") and "Utf8" not in text
    ):
        for symbol, plain in _SYMBOLS.items():
            if symbol in text:
                text = text.replace(symbol, plain)
                notes.append(codes.MENDED.info(f"wrote {plain.strip() or 'a space'!r} for {symbol!r}"))
    sentences = split(text)
    if sentences and not sentences[-1].terminated:
        tail = sentences[-1]
        if tail.words[:1] in {("Qed",), ("Defined",), ("Admitted",)} and len(tail.words) == 1:
            text = text.rstrip() + ".\n"
            notes.append(codes.MENDED.info("put the full stop after the last command"))
        elif len(sentences) > 1 and sentences[-2].words[:1] in {("Qed",), ("Defined",)}:
            text = text[: sentences[-2].end] + "\n"
            notes.append(codes.MENDED.info("left out the words after the last command"))
    text, missing = _with_tactics(text)
    notes += [codes.MENDED.info(f"imported {library}, whose tactic the proof uses") for library in missing]
    return Mended(text=text, notes=tuple(notes))


def _with_tactics(text: str) -> tuple[str, list[str]]:
    """The text with the libraries of its tactics imported inside the first proof, where they touch no statement."""
    start = _PROOF.search(text)
    if start is None:
        return text, []
    plain = strip_comments(text)
    proof = plain[plain.find("Proof.") :]
    missing = [name for name, uses, has in _TACTICS if re.search(uses, proof) and not re.search(has, plain)]
    if not missing:
        return text, []
    return f"{text[: start.end(1)]}\nRequire Import {' '.join(missing)}.{text[start.end(1) :]}", missing
