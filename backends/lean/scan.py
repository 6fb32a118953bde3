"""Lean text without its comments and strings, offsets kept; and its commands, cut at the start of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Command", "blank_comments", "commands"]

_COMMAND_WORDS = (
    "theorem", "lemma", "example", "def", "abbrev", "instance", "axiom", "opaque", "structure", "class",
    "inductive", "namespace", "end", "section", "open", "variable", "universe", "import", "set_option", "attribute",
    "macro", "macro_rules", "syntax",
    "elab", "elab_rules", "notation", "infix", "infixl", "infixr", "prefix", "postfix", "local",
    "scoped", "private", "protected", "noncomputable", "unsafe", "partial", "nonrec", "mutual", "initialize",
    "builtin_initialize", "run_cmd", "run_elab", "run_meta", "export", "deriving", "declare_syntax_cat", "add_decl_doc",
    "include", "omit", "constant", "public", "meta", "module", "simproc", "register_simp_attr", "alias", "library_note",
    "proof_wanted", "irreducible_def", "compile_inductive", "suppress_compilation", "unseal", "seal",
)  # fmt: skip
_START = re.compile(rf"^(?:@\[|#\w|(?:{'|'.join(_COMMAND_WORDS)})\b)", re.MULTILINE)


@dataclass(frozen=True)
class Command:
    """One top-level command: its text, where it starts, and its leading words without attributes."""

    text: str
    start: int
    words: tuple[str, ...]


def blank_comments(text: str, *, strings: bool = False) -> str:
    """The text with comments (nesting ``/- -/`` and ``--``) blanked, and strings too if asked; newlines are kept."""
    out: list[str] = []
    i, n = 0, len(text)
    while i < n:
        if text.startswith("/-", i):
            end = _block_end(text, i)
            out.append(re.sub(r"[^\n]", " ", text[i:end]))
            i = end
        elif text.startswith("--", i):
            end = text.find("\n", i)
            end = n if end < 0 else end
            out.append(" " * (end - i))
            i = end
        elif text[i] == '"':
            end = _string_end(text, i)
            inside = text[i:end]
            out.append(re.sub(r"[^\n]", " ", inside) if strings else inside)
            i = end
        elif text[i] == "'" and (match := re.compile(r"'(?:\\.|[^\\'\n])'").match(text, i)):
            out.append(match.group())
            i = match.end()
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


def _block_end(text: str, i: int) -> int:
    depth = 0
    for match in re.compile(r"/-|-/").finditer(text, i):
        depth += 1 if match.group() == "/-" else -1
        if depth == 0:
            return match.end()
    return len(text)


def _string_end(text: str, i: int) -> int:
    n = len(text)
    i += 1
    while i < n:
        if text[i] == "\\":
            i += 2
        elif text[i] == '"':
            return i + 1
        else:
            i += 1
    return n


def commands(text: str) -> tuple[Command, ...]:
    """The top-level commands: each begins at the start of a line with a command word, ``@[`` or ``#``."""
    clean = blank_comments(text)
    starts = [m.start() for m in _START.finditer(clean)]
    found: list[Command] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        head = re.sub(r"@\[[^\]]*\]\s*", "", clean[start:end])
        found.append(Command(text[start:end], start, tuple(re.findall(r"[#\w.!?'«»]+", head[:200]))))
    return tuple(found)
