"""As much of llama.cpp's GBNF as quod's grammars use: whether a text is in a grammar, and texts drawn from one."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'\s*(?:(?P<rule>[\w-]+)\s*::=|(?P<name>[\w-]+)|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<set>\[(?:[^\]\\]|\\.)*\])|(?P<mark>[()|*+?]))'
)
_CLOSING = {("mark", "|"), ("mark", ")")}
Node = tuple[str, object]


@dataclass
class Grammar:
    """Rules by name; a node is (kind, content)."""

    rules: dict[str, Node]
    _known: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)
    _text: str = ""
    _heights: dict[str, int] = field(default_factory=dict)

    def holds(self, text: str) -> bool:
        """Whether the whole text is derived from ``root``."""
        self._known, self._text = {}, text
        return len(text) in self._ends(self.rules["root"], 0)

    def _ends(self, node: Node, at: int) -> frozenset[int]:
        key = (id(node), at)
        if key not in self._known:
            self._known[key] = frozenset(self._all(node, at))
        return self._known[key]

    def _all(self, node: Node, at: int) -> set[int]:
        kind, content = node
        if kind == "text":
            assert isinstance(content, str)
            return {at + len(content)} if self._text.startswith(content, at) else set()
        if kind == "set":
            assert isinstance(content, re.Pattern)
            return {at + 1} if at < len(self._text) and content.match(self._text[at]) else set()
        if kind == "name":
            return set(self._ends(self.rules[str(content)], at))
        assert isinstance(content, list)
        if kind == "or":
            return set().union(*(self._ends(part, at) for part in content))
        if kind == "seq":
            ends = {at}
            for part in content:
                ends = set().union(*(self._ends(part, e) for e in ends)) if ends else ends
            return ends
        (part,) = content
        reached, edge = set(), {at}
        while edge:
            edge = set().union(*(self._ends(part, e) for e in edge)) - reached
            reached |= edge
            if kind == "?":
                break
        return reached if kind == "+" else reached | {at}

    def draw(self, rng: random.Random, node: Node | None = None, depth: int = 0) -> str:
        """A random text of the grammar."""
        kind, content = node or self.rules["root"]
        heights = self._heights = self._heights or _heights(self.rules)
        if kind == "text":
            return str(content)
        if kind == "set":
            assert isinstance(content, re.Pattern)
            return rng.choice([c for c in " \t\nabcxyzQRS0189_-’'é.,;()¬∀" if content.match(c)])
        if kind == "name":
            return self.draw(rng, self.rules[str(content)], depth + 1)
        assert isinstance(content, list)
        if kind == "or":
            # deep down the shortest way out
            return self.draw(
                rng, rng.choice(content) if depth < 14 else min(content, key=lambda part: _height(part, heights)), depth
            )
        if kind == "seq":
            return "".join(self.draw(rng, part, depth) for part in content)
        times = {"?": (0, 1), "*": (0, 3), "+": (1, 3)}[kind]
        if depth >= 14:
            times = (times[0], times[0])
        return "".join(self.draw(rng, content[0], depth) for _ in range(rng.randint(*times)))


def _heights(rules: dict[str, Node]) -> dict[str, int]:
    """How deep the shallowest derivation of each rule is."""
    heights = dict.fromkeys(rules, 1000)
    for _ in rules:
        heights = {name: 1 + _height(node, heights) for name, node in rules.items()}
    return heights


def _height(node: Node, heights: dict[str, int]) -> int:
    kind, content = node
    if kind == "name":
        return heights[str(content)]
    if not isinstance(content, list) or kind in {"?", "*"}:
        return 0
    return (min if kind == "or" else max)((_height(part, heights) for part in content), default=0)


def read(text: str) -> Grammar:
    """A grammar from its text. Raises ValueError where it is not GBNF."""
    source = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    tokens, at = [], 0
    while source[at:].strip():
        match = _TOKEN.match(source, at)
        if match is None:
            raise ValueError(f"not GBNF at {source[at : at + 40]!r}")
        tokens.append((str(match.lastgroup), str(match[str(match.lastgroup)])))
        at = match.end()
    rules: dict[str, Node] = {}
    position = 0

    def alternatives() -> Node:
        nonlocal position
        found: list[Node] = []
        while True:
            parts: list[Node] = []
            while position < len(tokens) and tokens[position] not in _CLOSING and tokens[position][0] != "rule":
                parts.append(item())
            found.append(("seq", parts))
            if position < len(tokens) and tokens[position] == ("mark", "|"):
                position += 1
                continue
            return ("or", found)

    def item() -> Node:
        nonlocal position
        kind, value = tokens[position]
        position += 1
        node: Node
        if kind == "mark":
            if value != "(":
                raise ValueError(f"unexpected {value}")
            node = alternatives()
            position += 1
        elif kind == "text":
            node = ("text", value.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"').replace("\\\\", "\\"))
        elif kind == "set":
            node = ("set", re.compile(value))
        else:
            node = ("name", value)
        while position < len(tokens) and tokens[position][0] == "mark" and tokens[position][1] in "*+?":
            node = (tokens[position][1], [node])
            position += 1
        return node

    while position < len(tokens):
        kind, name = tokens[position]
        if kind != "rule":
            raise ValueError(f"a rule was expected, not {name}")
        position += 1
        rules[name] = alternatives()
    return Grammar(rules)
