"""Sentences cut into chunks, and who the numbers of a chunk are said of."""

from __future__ import annotations

import itertools
import re

from quod.translators.controlled.milp.entities import Mention
from quod.translators.controlled.milp.lexicon import FUNCTION, MEASURES, VERBS
from quod.translators.controlled.milp.limiting import limiting
from quod.translators.controlled.milp.limits import Limits, State
from quod.translators.controlled.milp.scanner import Chunk
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Cutting"]

_BOUNDARY = frozenset(
    "while whereas but however if because since although so therefore and or conversely where though then "
    "whilst".split()
)
# What may be said of things of which so many can be made, and nothing of who makes or takes them.
_CAN_BE = frozenset("of them can could may must should will be are".split())
_MADE = frozenset(
    "made used sold hired bought planted baked built produced grown rented employed purchased wanted".split()
)
_ELSEWHERE = frozenset("by in on with of from at for as than".split())
_JOINS = frozenset("and or , the a an by of using on for each in units number with".split())
_ANNOUNCED = re.compile(r" (?:is|are) (?:given|known|listed|shown|summarized)(?: as follows| below| here)?$")


class Cutting(Limits):
    """Chunks between marks and subordinating words, with their subjects."""

    def _announces(self) -> bool:
        """``The cost and the reach of each advert are given below``: what follows is said elsewhere."""
        words = [t.low for t in self.tokens if t.kind == "word"]
        return (
            bool(_ANNOUNCED.search(" ".join(words)))
            and not any(t.value is not None for t in self.tokens)
            and not set(limiting(self.tokens)) - {"each", "Each", "following", "along"}
        )

    def _chunks(self) -> list[Chunk]:
        chunks: list[Chunk] = []
        tokens = self.tokens
        start, opener = 0, ""
        for k, token in enumerate(tokens):
            each = token.low == "with" and k + 1 < len(tokens) and tokens[k + 1].low in {"each", "every"}
            cut = (
                (each and k > start)
                or (token.kind == "mark" and token.text in ",;:.?!()")
                or (token.kind == "word" and token.low in _BOUNDARY)
            )
            if not cut or self._inside_list(k):
                continue
            if token.low == "so" and k + 1 < len(tokens) and tokens[k + 1].low in {"much", "many", "few", "little"}:
                continue  # "because they need so much care"
            if token.low == "then" and k and tokens[k - 1].low in {"is", "are", "and"}:
                continue  # "each is then sold"
            if token.low == "or" and [t.low for t in tokens[k + 1 : k + 2]] in (
                ["more"],
                ["less"],
                ["fewer"],
                ["equal"],
            ):
                continue  # "20 or less", "less than or equal to 20"
            if k > start:
                chunks.append(Chunk(start, k, opener))
                opener = ""
            if (token.kind == "word" and token.low not in {"and", "or"}) or (not opener and token.low in {"and", "or"}):
                opener = token.low
            start = k + 1
        if start < len(tokens):
            chunks.append(Chunk(start, len(tokens), opener))
        return chunks

    def _inside_list(self, k: int) -> bool:
        """Whether the mark or conjunction at ``k`` only joins names of entities."""
        before = next((m for m in reversed(self.found) if m.end <= k), None)
        after = next((m for m in self.found if m.start > k), None)
        if before is None or after is None or before.entity == after.entity:
            return False
        between = {t.text.lower() for t in self.tokens[before.end : after.start]}
        first = not any(m.end <= before.start <= m.end + 5 and m.entity != before.entity for m in self.found)
        if "," in between and between & {"and", "or"} and first:
            return False  # "A, and B ...": two things are joined without a comma, so a clause begins here
        gap = [t for i, t in enumerate(self.tokens[before.end : after.start], before.end) if i != k]
        if gap and gap[-1].kind == "word" and "-" in gap[-1].text and gap[-1].low not in FUNCTION:
            gap = gap[:-1]  # "with vans and with walk-in booths"
        return len(gap) <= 4 and all(t.low in _JOINS or t.stem in self.nouns for t in gap)

    def _therefore(self, chunk: Chunk) -> bool:
        """``Vans are slow, so at least 5 trucks must be used``: whether the chunk is a reason of the one behind."""
        rest = [t.low for t in self.tokens[chunk.end : chunk.end + 3]]
        if chunk.opener not in {"", "and"} or rest[:1] not in ([","], [";"], ["so"]):
            return False
        rest = [w for w in rest if w not in {",", ";", "and"}]
        if not rest or rest[0] not in {"so", "therefore"}:
            return False
        return any(t.value is not None for t in self.tokens[chunk.end :])

    def _of_the_reason(self, k: int, chunk: Chunk) -> bool:
        """``so at most 15 can be hired``, ``so no more than 20 of them can be sold``: of what the reason is about."""
        after = [t.low for t in self.tokens[k + 1 : chunk.end]]
        of_them = after[:2] == ["of", "them"]
        rest = after[2:] if of_them else after
        said = chunk.opener == "so" or (of_them and chunk.opener in {"but", "and"})
        made = [w for w in rest if w in _MADE]
        told = all(self.said[stem(w)] > 1 or w == "made" for w in made)
        return said and told and set(rest) <= _CAN_BE | _MADE and (of_them or bool(made))

    def _told_what_it_is_like(self, chunk: Chunk, inside: list[Mention]) -> int | None:
        """``Masons are hard to find``: the one thing of which a reason says what it is like, and nothing else."""
        if len(inside) != 1 or inside[0].start != chunk.start or inside[0].end + 1 >= chunk.end:
            return None
        rest = [t.low for t in self.tokens[inside[0].end : chunk.end]]
        plain = rest[0] in {"is", "are"} and len(rest) <= 5 and not set(rest) & _ELSEWHERE
        done = any(w.endswith("ed") for w in rest)
        return inside[0].entity if plain and not done and not limiting(self.tokens[inside[0].end : chunk.end]) else None

    def _around_another(self, numbers: list[int]) -> bool:
        """``within 5 of the number of B``: as far from it as that on either side."""
        lows = [t.low for t in self.tokens]
        return any("within" in lows[max(0, k - 2) : k] and lows[k + 1 : k + 3] == ["of", "the"] for k in numbers)

    def _by_somebody(self, k: int, chunk: Chunk) -> bool:
        """``at least 10 hours of work must be done by the smith``: by one of those who work."""
        return any(
            a.low == "by" and b.low in {"the", "a", "an"} for a, b in itertools.pairwise(self.tokens[k : chunk.end])
        )

    def _main_verb(self, chunk: Chunk, k: int) -> bool:
        inside = {i for m in self.found for i in range(m.start, m.end)}
        for i in range(chunk.start, k):
            low = self.tokens[i].low
            if i in inside:
                continue
            if (
                low in VERBS
                or low
                in {"take", "takes", "use", "uses", "need", "needs", "is", "are", "has", "have", "can", "must", "will"}
            ) and (i == 0 or self.tokens[i - 1].low != "to"):
                return True
        return False

    def _subject(self, chunk: Chunk, inside: list[Mention], numbers: list[int], state: State, lows: list[str]) -> None:
        """Who the amounts of this chunk are said of."""
        first = numbers[0]
        before = [m for m in inside if m.start < first]
        named = {m.entity for m in before}
        many = len(self.entities.names)
        if named == set(range(many)) and many > 1 and ("both" in lows or "each" in lows or "respectively" not in lows):
            state.subject, state.everyone = None, True
        elif before:
            state.subject, state.everyone = before[-1].entity, False
        elif "both" in [t.low for t in self.tokens[chunk.start : first]] or (
            state.subject is None and self._each_class(chunk)
        ):
            state.subject, state.everyone = None, True
        else:
            after = [m for m in inside if m.start > first and self._introduced(m)]
            if after:
                state.subject, state.everyone = after[0].entity, False
            elif not inside and state.subject is None and not state.everyone:
                # "it takes 7 units of x and 15 units of y to make a cup of A": said of A, which comes later
                later = next((m for m in self.found if m.start > chunk.end), None)
                if later is not None and self._introduced(later):
                    between = {t.low for t in self.tokens[chunk.end : later.start]}
                    if not between & {"while", "whereas", "but", ";", "."}:
                        state.subject = later.entity

    def _each_class(self, chunk: Chunk) -> bool:
        tokens = self.tokens
        return any(
            tokens[k].low in {"each", "every", "per"}
            and k + 1 < chunk.end
            and any(tokens[i].stem in self.nouns for i in (k + 1, min(k + 2, chunk.end - 1)))
            and not any(m.start <= k + 2 <= m.end for m in self.found)
            for k in range(chunk.start, chunk.end)
        )

    def _introduced(self, m: Mention) -> bool:
        """Whether the mention is the thing an amount is for: ``per X``, ``each X``, ``a unit of X``, ``for X``."""
        tokens, k = self.tokens, m.start - 1
        if k >= 1 and tokens[k].low == "of" and tokens[k - 1].stem in MEASURES:
            k -= 2
        while k >= 0 and tokens[k].low == "the":
            k -= 1
        if k < 0:
            return False
        if k >= 2 and tokens[k].low == "of" and tokens[k - 2].low in {"per", "each", "every"}:
            k -= 2  # "per crate of A"
        low = tokens[k].low
        return low in {"per", "each", "every", "a", "an", "for", "on", "from"} or (tokens[k].value == 1)
