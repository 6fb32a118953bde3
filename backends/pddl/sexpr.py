"""S-expressions with positions, recovery and all faults at once.

A PDDL file is one list, ``(define …)``, whose sections begin with a keyword. So a lost or doubled parenthesis
can be noticed, and put right, where the next keyword stands at the wrong depth, instead of at the end of the
file. Each such correction is kept as an :class:`Edit`, which is what mending applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quod.backends.pddl import codes
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["MAX_DEPTH", "Atom", "Edit", "List", "Node", "Reading", "read"]

MAX_DEPTH = 120
"""Deepest nesting read. Human and generated PDDL stays under 30."""

SECTIONS = frozenset(
    ":domain :requirements :types :constants :predicates :functions :action :durative-action :derived :process "
    ":event :objects :init :goal :metric :constraints :length".split()
)
ACTION_KEYS = frozenset(":parameters :precondition :effect :duration :condition :vars".split())
_ACTIONS = frozenset(":action :durative-action :process :event".split())

_TOKEN = re.compile(r"(?P<skip>\s+|;[^\n]*)|(?P<open>\()|(?P<close>\))|(?P<atom>[^\s();]+)")


@dataclass(frozen=True, slots=True)
class Atom:
    """A word. ``text`` is lower case, as PDDL ignores case; ``start`` and ``end`` are offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class List:
    """A parenthesised list."""

    items: tuple[Node, ...]
    start: int
    end: int

    @property
    def head(self) -> str:
        """The first item's text, or an empty string."""
        return self.items[0].text if self.items and isinstance(self.items[0], Atom) else ""


Node = Atom | List


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction of the text: at ``offset`` drop ``delete`` characters and put ``insert``."""

    offset: int
    delete: int
    insert: str


@dataclass(slots=True)
class Reading:
    """What was read: the top-level nodes, every fault found, and the edits that would mend them."""

    nodes: list[Node] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A list that is being read."""

    start: int
    items: list[Node] = field(default_factory=list)

    @property
    def head(self) -> str:
        return self.items[0].text if self.items and isinstance(self.items[0], Atom) else ""

    def closed(self, end: int) -> List:
        return List(tuple(self.items), self.start, end)


def _tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind != "skip":
            assert kind is not None
            yield kind, match.group(), match.start(), match.end()


def read(text: str) -> Reading:
    """Read ``text``. Never raises; time is linear in its length."""
    return _Reader(text).run()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out = Reading()
        self.stack: list[_Open] = []

    def run(self) -> Reading:
        tokens = list(_tokens(self.text))
        for index, (kind, word, start, end) in enumerate(tokens):
            if kind == "open":
                following = tokens[index + 1][1].lower() if index + 1 < len(tokens) else ""
                self._section_begins(following, start)
                if len(self.stack) >= MAX_DEPTH:
                    self.out.diagnostics.append(
                        codes.TOO_DEEP.error(
                            f"lists are nested deeper than {MAX_DEPTH}; the rest was not read",
                            span=Span.at(self.text, start),
                        )
                    )
                    self.out.edits.clear()
                    self.out.nodes.clear()
                    return self.out
                self.stack.append(_Open(start))
            elif kind == "close":
                self._close(start, end)
            else:
                self._atom(Atom(word.lower(), start, end))
        self._finish()
        return self.out

    # --- the three tokens ---------------------------------------------------------------------------------
    def _atom(self, atom: Atom) -> None:
        if atom.text in ACTION_KEYS:
            self._action_key(atom)
        if self.stack:
            self.stack[-1].items.append(atom)
        else:
            self.out.nodes.append(atom)

    def _close(self, start: int, end: int) -> None:
        if not self.stack:
            self._extra(start, "')' closes nothing")
            return
        done = self.stack.pop().closed(end)
        (self.stack[-1].items if self.stack else self.out.nodes).append(done)

    def _finish(self) -> None:
        if not self.stack:
            return
        end = len(self.text.rstrip())
        opened = self.stack[-1].start
        missing = len(self.stack)
        self._missing(end, missing, opened, "the text ends")
        while self.stack:
            self._close_silently(end)

    # --- recovery -----------------------------------------------------------------------------------------
    def _section_begins(self, following: str, start: int) -> None:
        """``(:keyword`` belongs directly into ``(define``: depth 1."""
        if following not in SECTIONS:
            return
        if len(self.stack) > 1:
            self._missing(start, len(self.stack) - 1, self.stack[-1].start, f"section {following} begins")
            at = self._last_end()
            while len(self.stack) > 1:
                self._close_silently(at)
        elif not self.stack and self.out.nodes and _is_define(self.out.nodes[-1]):
            self._reopen(f"section {following} stands outside")

    def _action_key(self, atom: Atom) -> None:
        """``:effect`` and its like belong directly into ``(:action``: depth 2."""
        if len(self.stack) > 2 and self.stack[1].head in _ACTIONS:
            self._missing(atom.start, len(self.stack) - 2, self.stack[-1].start, f"{atom.text} begins")
            at = self._last_end()
            while len(self.stack) > 2:
                self._close_silently(at)
            return
        siblings: list[Node] | None = self.stack[0].items if len(self.stack) == 1 else None
        if not self.stack and self.out.nodes and _is_define(self.out.nodes[-1]):
            self._reopen(f"{atom.text} stands outside")
            siblings = self.stack[0].items
        if siblings and isinstance(siblings[-1], List) and siblings[-1].head in _ACTIONS:
            action = siblings.pop()
            assert isinstance(action, List)
            self._extra(action.end - 1, f"')' ends the action before its {atom.text}")
            self.stack.append(_Open(action.start, list(action.items)))

    def _reopen(self, why: str) -> None:
        """An extra ')' ended ``(define`` too early: take it back."""
        define = self.out.nodes.pop()
        assert isinstance(define, List)
        self._extra(define.end - 1, f"')' ends the definition too early: {why}")
        self.stack.append(_Open(define.start, list(define.items)))

    def _last_end(self) -> int:
        items = self.stack[-1].items
        return items[-1].end if items else self.stack[-1].start + 1

    def _close_silently(self, end: int) -> None:
        done = self.stack.pop().closed(end)
        (self.stack[-1].items if self.stack else self.out.nodes).append(done)

    def _missing(self, offset: int, count: int, opened: int, when: str) -> None:
        what = "a ')' is" if count == 1 else f"{count} ')' are"
        at = Span.at(self.text, opened)
        self.out.diagnostics.append(
            codes.MISSING_PAREN.error(
                f"{what} missing before {when}",
                span=Span.at(self.text, offset),
                hint=f"the innermost list still open began at line {at.line}, column {at.column}: "
                f"{_excerpt(self.text, opened)}",
                data={"count": count, "opened_line": at.line, "opened_column": at.column},
            )
        )
        self.out.edits.append(Edit(self._last_end() if self.stack else offset, 0, ")" * count))

    def _extra(self, offset: int, message: str) -> None:
        self.out.diagnostics.append(
            codes.EXTRA_PAREN.error(message, span=Span.at(self.text, offset, offset + 1), hint="take it away")
        )
        self.out.edits.append(Edit(offset, 1, ""))


def _is_define(node: Node) -> bool:
    return isinstance(node, List) and node.head == "define"


def _excerpt(text: str, start: int) -> str:
    line = text[start : start + 40].split("\n", 1)[0].strip()
    return f"'{line}'"
