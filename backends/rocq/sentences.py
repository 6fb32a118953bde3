"""Cut Rocq text into sentences: comments and strings respected, bullets and braces their own sentences.

Follows the lexical rules of the reference manual (Basic notions: lexical conventions; Proof mode: bullets): a
sentence ends with a full stop before white space or the end of the text; ``...`` ends one too. Comments nest, and
strings inside comments hide comment closers. The cut is by one pass, in linear time, without recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Sentence", "split", "strip_comments"]

_WORD = re.compile(r"[^\W\d]\w*'*", re.UNICODE)
_BULLET = re.compile(r"-+|\++|\*+")
_SELECTOR = re.compile(r"(?:\d+(?:\s*-\s*\d+)?(?:\s*,\s*\d+(?:\s*-\s*\d+)?)*|all|!|par|\[\s*[\w']+\s*\])\s*:\s*")
_ATTRIBUTE = re.compile(r"#\[[^\]]*\]\s*")


@dataclass(frozen=True)
class Sentence:
    """One sentence: ``text`` starts at its first token (leading comments are left outside) and has its full stop."""

    text: str
    start: int
    """Offset of ``text`` in the whole."""
    end: int
    terminated: bool = True
    """False for what is left over at the end without a full stop."""

    @property
    def bare(self) -> str:
        """The text with comments blanked and attributes, ``Local``/``Global`` and the like taken off the front."""
        return strip_comments(self.text).strip()

    @property
    def words(self) -> tuple[str, ...]:
        """The leading words, for classification: ``("Require", "Import", "Reals")``; () for a bullet or brace."""
        text = self.bare
        while match := _ATTRIBUTE.match(text):
            text = text[match.end() :]
        return tuple(re.findall(r"[\w.']+", text.rstrip(".")[:200]))

    @property
    def is_bullet(self) -> bool:
        """Whether it is a bullet or a brace."""
        return self.text in {"{", "}"} or bool(_BULLET.fullmatch(self.text)) or self.text.endswith("{")


def _skip_comment(text: str, i: int) -> int:
    """The offset after the comment that opens at ``i``; the end of the text if it never closes."""
    depth, n = 0, len(text)
    while i < n:
        if text.startswith("(*", i):
            depth += 1
            i += 2
        elif text.startswith("*)", i):
            depth -= 1
            i += 2
            if depth == 0:
                return i
        elif text[i] == '"':
            i = _skip_string(text, i)
        else:
            i += 1
    return n


def _skip_string(text: str, i: int) -> int:
    """The offset after the string that opens at ``i``; a doubled quote stands for one."""
    n = len(text)
    i += 1
    while i < n:
        if text[i] == '"':
            if text.startswith('""', i):
                i += 2
                continue
            return i + 1
        i += 1
    return n


def strip_comments(text: str) -> str:
    """The text with every comment replaced by blanks (newlines kept), so that offsets stay true."""
    out: list[str] = []
    i = last = 0
    n = len(text)
    while i < n:
        if text.startswith("(*", i):
            end = _skip_comment(text, i)
            out += [text[last:i], re.sub(r"[^\n]", " ", text[i:end])]
            i = last = end
        elif text[i] == '"':
            i = _skip_string(text, i)
        else:
            i += 1
    out.append(text[last:])
    return "".join(out)


def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order. Never fails: what has no full stop comes last, unterminated."""
    sentences: list[Sentence] = []
    i, n = 0, len(text)
    while True:
        while i < n:
            if text[i].isspace():
                i += 1
            elif text.startswith("(*", i):
                i = _skip_comment(text, i)
            else:
                break
        if i >= n:
            return tuple(sentences)
        end, terminated = _sentence_end(text, i)
        sentences.append(Sentence(text[i:end], i, end, terminated))
        i = end


def _sentence_end(text: str, start: int) -> tuple[int, bool]:
    if text[start] in "{}" and not text.startswith("{|", start):
        return start + 1, True
    if match := _BULLET.match(text, start):
        return match.end(), True
    selector = _SELECTOR.match(text, start)
    if selector and text.startswith("{", selector.end()):
        return selector.end() + 1, True
    i, n = start, len(text)
    while i < n:
        c = text[i]
        if c == '"':
            i = _skip_string(text, i)
        elif text.startswith("(*", i):
            i = _skip_comment(text, i)
        elif c == ".":
            if text.startswith("...", i) and (i + 3 == n or text[i + 3].isspace()):
                return i + 3, True
            # ``x..`` belongs to a recursive notation; a stop needs white space or the end after it
            if (i + 1 == n or text[i + 1].isspace() or text.startswith("(*", i + 1)) and text[i - 1 : i] != ".":
                return i + 1, True
            i += 1
        elif match := _WORD.match(text, i):
            i = match.end()
        else:
            i += 1
    return n, False
