"""Comparison words and what a negation makes of them."""

from __future__ import annotations

from functools import lru_cache

from quod.translators.controlled.milp.scanner import Chunk, Scanner

__all__ = ["DENIABLE", "DENIED", "NEGATIONS", "OPS", "Comparing"]

_MORE, _LESS = "more greater larger higher bigger".split(), "less fewer smaller lower".split()
OPS: tuple[tuple[tuple[str, ...], str, bool], ...] = (
    *(
        ((*lead, word, "than"), op, False)
        for words, op in ((_MORE, "<="), (_LESS, ">="))
        for word in words
        for lead in (("no",), ("not",), ("not", "be"), ("cannot", "be"))
    ),
    *((("strictly", word, "than"), op, True) for words, op in ((_MORE, ">="), (_LESS, "<=")) for word in words),
    (("not", "fall", "below"), ">=", False),
    (("must", "not", "exceed"), "<=", False),
    (("not", "to", "exceed"), "<=", False),
    (("not", "exceed"), "<=", False),
    (("cannot", "exceed"), "<=", False),
    (("can't", "exceed"), "<=", False),
    (("can", "not", "exceed"), "<=", False),
    (("without", "exceeding"), "<=", False),
    (("at", "least"), ">=", False),
    (("at", "the", "least"), ">=", False),
    (("at", "minimum"), ">=", False),
    (("at", "a", "minimum"), ">=", False),
    (("at", "most"), "<=", False),
    (("at", "the", "most"), "<=", False),
    (("at", "maximum"), "<=", False),
    (("up", "to"), "<=", False),
    (("or", "more"), ">=", False),
    (("or", "less"), "<=", False),
    (("limited", "to"), "<=", False),
    (("or", "fewer"), "<=", False),
    (("more", "than"), ">=", True),
    (("greater", "than", "or", "equal", "to"), ">=", False),
    (("less", "than", "or", "equal", "to"), "<=", False),
    (("greater", "than"), ">=", True),
    (("larger", "than"), ">=", True),
    (("higher", "than"), ">=", True),
    (("less", "than"), "<=", True),
    (("fewer", "than"), "<=", True),
    (("smaller", "than"), "<=", True),
    (("lower", "than"), "<=", True),
    (("exceeds",), ">=", True),
    (("exceed",), ">=", True),
    (("minimum",), ">=", False),
    (("maximum",), "<=", False),
    (("max",), "<=", False),
    (("below",), "<=", True),
    (("under",), "<=", True),
    (("within",), "<=", False),
    (("exactly",), "=", False),
    (("capped",), "<=", False),
)


NEGATIONS = frozenset("not cannot can't never mustn't shouldn't won't don't doesn't".split())


DENIABLE = frozenset("more greater larger higher less fewer smaller lower below under exceed".split())


DENIED = {">=": ("<=", False), "<=": (">=", False), "=": ("=", False)}


@lru_cache(maxsize=1024)
def _standing(lows: tuple[str, ...]) -> tuple[tuple[int, tuple[str, ...], str, bool], ...]:
    """Every comparison that stands in a sentence of these words: where it starts, and its entry in ``OPS``.

    In the order of ``OPS``. Each sentence is read once for every list of things that the grammar tries.
    """
    return tuple(
        (i, words, op, strict)
        for words, op, strict in OPS
        for i in range(len(lows) - len(words) + 1)
        if lows[i] == words[0] and lows[i : i + len(words)] == words
    )


class Comparing(Scanner):
    """Which comparison governs a number."""

    def _standing(self, chunk: Chunk) -> list[tuple[int, tuple[str, ...], str, bool]]:
        """The comparisons that stand in a chunk."""
        every = _standing(tuple(t.low for t in self.tokens))
        return [found for found in every if chunk.start <= found[0] and found[0] + len(found[1]) <= chunk.end]

    def _operator(self, chunk: Chunk, k: int) -> tuple[str, bool] | None:
        """The nearest comparison word to the number at ``k``, before it if there is one."""
        best: tuple[int, int, str, bool] | None = None
        denied = False
        for i, words, op, strict in self._standing(chunk):
            size = len(words)
            distance = k - (i + size) if i < k else 100 + i - k
            if distance < 0 or (i > k and words[0] not in {"or", "maximum", "minimum", "at"}):
                continue
            if i > k and self._has_number(i + size, chunk.end):
                continue  # "wants 90 jobs done with a maximum of 8 crews"
            if best is None or (distance, -size) < (best[0], -best[1]):
                best = (distance, size, op, strict)
                denied = words[0] in DENIABLE and self._denied(i)
        if best is None:
            return None
        return DENIED[best[2]] if denied else (best[2], best[3])

    def _has_number(self, at: int, end: int) -> bool:
        """Whether the comparison that ends here is of the number behind it."""
        while at < end and self.tokens[at].low in {"of", "a", "an", "the", "total", "only"}:
            at += 1
        return at < end and self.tokens[at].value is not None

    def _compared_at(self, k: int) -> int:
        """Where the comparison right before a number begins."""
        at = k
        while at > 0 and self.tokens[at - 1].low in {"at", "least", "exactly", "more", "than", "a", "minimum", "of"}:
            at -= 1
        return at

    def _negated(self, chunk: Chunk) -> bool:
        """Whether a chunk has a negation that no comparison uses."""
        lows = [t.low for t in self.tokens]
        used: set[int] = set()
        for i, words, _, _ in self._standing(chunk):
            used |= set(range(i, i + len(words)))
            if words[0] in DENIABLE:
                used |= {j for j in range(max(chunk.start, i - 5), i) if lows[j] in NEGATIONS}
        return any(
            (lows[i] in NEGATIONS or lows[i].endswith(("n't", "n’t"))) and i not in used
            for i in range(chunk.start, chunk.end)
        )

    def _denied(self, i: int, back: int = 5) -> bool:
        """Whether a negation governs the comparison at ``i``: ``cannot make more than``, ``must not be more``."""
        for t in reversed(self.tokens[max(0, i - back) : i]):
            if t.kind == "mark" or (t.value is not None and back == 5):
                return False
            if t.low in NEGATIONS or t.low in {"restricts", "restrict", "prevents", "prevent"}:
                return True
        return False

    def _operators(self, chunk: Chunk) -> int:
        """How many comparisons a chunk makes: each needs a number or a second entity of its own."""
        lows = [t.low for t in self.tokens]
        covered: set[int] = set()
        count = 0
        for i, words, _, _ in self._standing(chunk):
            span = set(range(i, i + len(words)))
            if not span & covered and not span & self.done:
                covered |= span
                count += 1
        return count - sum(
            1 for k in range(chunk.start, chunk.end) if self.tokens[k].flavour == "times" and "than" in lows[k : k + 3]
        )

    def _explicit(self, low: int, high: int) -> str:
        lows = [t.low for t in self.tokens[low:high]]
        if "least" in lows or "minimum" in lows:
            return ">="
        if "most" in lows or "maximum" in lows:
            return "<="
        return ""
