"""Reading what the person hands in: text, standard input, files. Every failure is an InputError in words."""

from __future__ import annotations

import sys
from pathlib import Path

from quod.core.errors import InputError
from quod.core.problem import MAX_CONTEXT_BYTES, MAX_TEXT_CHARS, ContextItem

__all__ = ["read_context", "read_file_text", "read_text"]


def read_text(text: str | None, file: Path | None, limit: int = MAX_TEXT_CHARS) -> str:
    """The text from the argument, from ``-`` (standard input) or from a file; at most ``limit`` characters."""
    if (text is None) == (file is None):
        raise InputError(
            "give the problem either as TEXT or with -f FILE",
            hint='quod solve "Every wumpus is shy. Rex is a wumpus. True or false: Rex is shy."',
        )
    if file is not None:
        text = read_file_text(file)
    assert text is not None
    if text == "-":
        # a little over the limit, so that an endless input is still reported as too long
        text = _decode(sys.stdin.buffer.read(limit * 4 + 1), "standard input")
    if len(text) > limit:
        raise InputError(
            f"the text is longer than {limit:,} characters, which is the limit",
            code="input.too_long",
            hint="attach data as context (--context) instead of writing it into the text",
        )
    if not text.strip():
        raise InputError("the text is empty: state the problem in a sentence or more", code="input.empty")
    return text


def read_file_text(path: Path) -> str:
    """A UTF-8 file's text."""
    return _decode(_read(path), str(path))


def read_context(paths: tuple[Path, ...]) -> tuple[ContextItem, ...]:
    """Each file as a context item named like the file."""
    return tuple(ContextItem.from_bytes(path.name, _read(path)) for path in paths)


def _read(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > MAX_CONTEXT_BYTES:
            raise InputError(f"'{path}' is over {MAX_CONTEXT_BYTES // 2**20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read '{path}': {error.strerror or error}", code="input.unreadable") from None


def _decode(raw: bytes, name: str) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text: {error.reason} at byte {error.start}",
            code="input.not_text",
            hint="tables and other data go into --context",
        ) from None
    if "\x00" in text:
        raise InputError(f"{name} contains NUL bytes: it looks like a binary file", code="input.not_text")
    return text
