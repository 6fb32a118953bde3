"""Goals, counts of the things themselves, and lists of numbers for lists of things."""

from __future__ import annotations

import itertools

from quod.translators.controlled.milp.entities import Mention, key
from quod.translators.controlled.milp.lexicon import FUNCTION, MEASURES, VERBS
from quod.translators.controlled.milp.reading import Goal
from quod.translators.controlled.milp.respective import Respective
from quod.translators.controlled.milp.scanner import CLASS, DETERMINED, TIMES_OF

__all__ = ["Lists"]


# Words by which something other than the plain total is wanted.
_ELSE = frozenset(
    "difference ratio average mean smallest largest smaller larger minimum maximum per excess minus plus and-then "
    "variance gap spread relative share percentage fraction proportion twice half double only except cents hundreds "
    "thousands millions percent".split()
)
_AIMS = ("maximiz", "maximis", "minimiz", "minimis")
_ABOUT_A_NUMBER = frozenset(
    "the number total of made produced used needed required sold planted bought hired made built served run "
    "scheduled they it he she that is are can be while to".split()
)


class Lists(Respective):
    """What is read before a sentence is cut into chunks."""

    def _goal(self) -> None:
        tokens = self.tokens
        lows = [t.low for t in tokens]
        plain = any(low.startswith(("maximiz", "maximis", "minimiz", "minimis")) for low in lows)
        for k, low in enumerate(lows):
            sense = ""
            if plain and not low.startswith(("m",)):
                continue
            if low.startswith(("maximiz", "maximis")):
                sense = "maximize"
            elif low.startswith(("minimiz", "minimis")) or (
                low in {"decrease", "reduce"}
                and lows[k - 1] == "to"
                and any(w in {"how", "find", "formulate"} for w in lows)
            ):
                sense = "minimize"
            elif low == "increase" and lows[k - 1] == "to" and any(w in {"how", "find", "formulate"} for w in lows):
                sense = "maximize"
            elif (
                not plain
                and low in {"minimum", "minimal", "maximum", "highest", "lowest"}
                and lows[k - 1]
                in {"yield", "make", "obtain", "the", "a", "at", "for", "reach", "get", "earn", "gain", "requirements"}
                and {"how", "number"} & set(lows[:k])
                and lows[k + 1 : k + 2] != ["of"]
                and not any(t.value is not None for t in tokens[k + 1 : k + 4])
            ):
                sense = "minimize" if low in {"minimum", "minimal", "lowest"} else "maximize"
                if low in {"highest", "lowest"} and self._told_once(k + 1):
                    return  # the highest profit margins, the lowest paid workers
            elif not plain and low in {"minimum", "lowest", "least", "maximum", "highest", "most"} and self._asks(k):
                sense = {"minimum": "minimize", "lowest": "minimize", "least": "minimize"}.get(low, "maximize")
            if not sense:
                continue
            passive = low in {"maximized", "maximised", "minimized", "minimised"} and lows[k - 1] in {"is", "are", "be"}
            if passive and k > 1:
                # "so that net revenue is maximized"
                start = max((i for i in range(k) if lows[i] in {"that", "so", ",", "how"}), default=-1) + 1
                stems = frozenset(t.stem for t in tokens[start : k - 1] if t.kind == "word" and t.low not in FUNCTION)
                if self._wanted(start, k - 1) is None and "average" not in stems:
                    self.reading.goals.append(Goal(sense, stems, False, self._slice(start, k + 1), None))
                    self._close(start, k + 1)
                    return
            end = k + 1
            while (
                end < len(tokens)
                and tokens[end].text not in {",", ".", "?", ";", "(", ":"}
                and lows[end] not in {"while", "if", "given", "subject", "whereas", "what"}
            ):
                if tokens[end].value is not None:
                    break
                end += 1
            span = range(k + 1, end)
            relative = next((i for i in span if lows[i] in {"that", "which", "who", "they", "he", "she", "it"}), end)
            stems = frozenset(
                tokens[i].stem
                for i in range(k + 1, relative)
                if tokens[i].kind == "word" and tokens[i].low not in FUNCTION
            )
            if {"average", "mean"} & set(lows[k + 1 : k + 5]):
                self.reading.unread.append(self._slice(k, end))  # not the total
            counts = any(lows[i] in {"number", "amount"} or lows[i] == "many" for i in span)
            only = self._wanted(k + 1, end)
            if only == -1 or self._joined(k + 1, end):
                self.reading.unread.append(self._slice(k, end))
            second = next((i for i in range(end, len(tokens)) if lows[i].startswith(_AIMS) and plain), None)
            if second is not None and not self._same_again(k, second):
                self.reading.unread.append(self._slice(second, len(tokens)))  # two aims at once
            self.reading.goals.append(Goal(sense, stems, counts, self._slice(k, end), only))
            self._close(k, end)
            return

    def _told_once(self, k: int) -> bool:
        """Whether the noun behind a superlative has a word that the text tells nothing of."""
        end = k
        while end < len(self.tokens) and self.tokens[end].kind == "word" and self.tokens[end].low not in FUNCTION:
            end += 1
        if end < len(self.tokens) and self.tokens[end].low in {"on", "over", "against"}:
            return True  # the highest return on paint
        plain = {"profit", "revenue", "income", "return", "earning", "sale", "cost", "price", "expense", "wage",
                 "possible", "overall", "yearly", "daily", "weekly", "monthly", "annual"}  # fmt: skip
        return any(t.stem not in plain and self.said[t.stem] < 2 for t in self.tokens[k:end])

    def _joined(self, low: int, high: int) -> bool:
        """``the cost and the number of devices``, ``the profit and minimize the work``: two aims at once."""
        for i in range(low, high - 1):
            if self.tokens[i].low != "and":
                continue
            after = self.tokens[i + 1]
            things = any(m.start in {i + 1, i + 2, i + 3} for m in self.found)
            if after.low.startswith(_AIMS) or (after.low in {"the", "its", "their", "total"} and not things):
                return True
        return False

    def _same_again(self, first: int, second: int) -> bool:
        """Whether the second word for an aim says the same as the first: *maximize profit*, *the maximized profit*."""
        return self.tokens[first].low[:3] == self.tokens[second].low[:3] and self.tokens[second].low.endswith("ed")

    def _wanted(self, low: int, high: int) -> int | None:
        """The one thing whose number is wanted, None for what all share, -1 for what cannot be told."""
        inside = {i for m in self.found for i in range(m.start, m.end)}
        whose = {m.entity for m in self.found if low <= m.start < high and self._headed_by(m)}
        lows = {t.low for i, t in enumerate(self.tokens[low:high], low) if i not in inside}
        if "using" in lows and "number" in lows:
            of = next((i for i in range(low, high) if self.tokens[i].low == "of"), low)
            if self.tokens[min(of + 1, high - 1)].stem not in self.nouns | self.counted | self.per:
                return -1  # "the number of deliveries using vans": how many vans, or how many letters?
        costs = self.said["cost"] + self.said["expense"] + self.said["spend"]
        net = {b.stem for a, b in itertools.pairwise(self.tokens[low:high]) if a.low == "net"}
        if lows & _ELSE or ("net" in lows and costs and not net <= self.net):
            return -1
        if not whose or len(whose) == len(self.entities.names):
            return None
        first = min(m.start for m in self.found if low <= m.start < high)
        lead = [t.low for t in self.tokens[low:first]]
        if len(whose) == 1 and "number" in lead and not set(lead) - {"the", "number", "total", "of"}:
            return next(iter(whose)) if not lows - _ABOUT_A_NUMBER else -1
        return -1

    def _headed_by(self, m: Mention) -> bool:
        """Whether the head of the name is said: *hours of delivery* are none of delivery vans."""
        name = self.entities.names[m.entity]
        return len(name) == 1 or key(name[-1]) in {key(t.text) for t in self.tokens[m.start : m.end]}

    def _asks(self, k: int) -> bool:
        lows = [t.low for t in self.tokens]
        if lows[k] in {"least", "most"} and k and lows[k - 1] == "at":
            return False
        asking = any(
            w in {"find", "what", "ensure", "yields", "determine", "calculate", "achieve", "gives", "compute"}
            for w in lows[:k]
        )
        after = lows[k + 1 : k + 3]
        if k > 1 and lows[k - 2 : k] == ["at", "the"] and "formulate" in lows[:k] and after and after[0] == "cost":
            return True
        if k and lows[k - 1] == "at" and "how" in lows[:k] and after and after[0] in {"cost", "price", "expense"}:
            return True
        return asking and "of" not in after[:1] and not any(t.value is not None for t in self.tokens[k + 1 : k + 4])

    def _counts(self) -> None:
        """``two types of``, ``three products``: the number of the things themselves."""
        many = len(self.entities.names)
        for k, token in enumerate(self.tokens):
            if token.value is None or token.flavour:
                continue
            ahead = [t.stem for t in self.tokens[k + 1 : k + 5]]
            spelled = token.text[:1].isalpha()
            if (
                token.value == many
                and spelled
                and (any(a in CLASS or a in self.nouns for a in ahead) or self._opens_list(k) or self._told_of(k))
                and not self._op_near(k)
                and not self._counts_one(k)
            ):
                self.done.add(k)
            if ahead[:1] and ((ahead[0] in CLASS and token.value == many) or self._enumerated(k)):
                self.done.add(k)  # "2 kinds of tools", "three steps: cutting, gluing and painting"
            if (
                token.value == 1
                and k
                and ahead[:1]
                and ahead[0] in TIMES_OF
                and (
                    self.tokens[k - 1].low in {"in", "per", "every", "over", "during", "within"}
                    or (self.tokens[k - 1].low == "for" and ahead[0] in self.nouns)
                )
            ):
                self.done.add(k)
            if token.value == 0 and any(t.low in {"equal", "negative", "than"} for t in self.tokens[max(0, k - 6) : k]):
                self.done.add(k)

    def _told_of(self, k: int) -> bool:
        """``has two teas that contain``: what is told of all of them."""
        lows = [t.low for t in self.tokens[k + 1 : k + 7]]
        told = next((i for i, w in enumerate(lows) if w in {"that", "which"}), None)
        if told is None or self.found or any(t.value is not None for t in self.tokens[k + 1 :]):
            return False
        return lows[told + 1 : told + 2] in (["contain"], ["have"], ["provide"], ["need"], ["require"], ["use"])

    def _enumerated(self, k: int) -> bool:
        """``two machines, a lathe and a saw``; ``three stages are needed: A, B and C``: as many names follow."""
        value, rest = self.tokens[k].value, self.tokens[k + 1 :]
        colon = next((i for i, t in enumerate(rest) if t.text == ":"), None)
        if colon is None:
            colon = next((i for i, t in enumerate(rest[:4]) if t.text == ","), None)
            after = rest[colon + 1 : colon + 2] if colon is not None else []
            if not after or after[0].low not in {"a", "an", "the"}:
                return False
        assert colon is not None
        if any(t.value is not None for t in rest[:colon]) or (self.found and self.found[0].start == k + 1):
            return False
        names, size = 0, 0
        for t in [*rest[colon + 1 :], None]:
            if t is not None and t.kind == "word" and t.low not in {"and", "or"}:
                if t.low in FUNCTION - DETERMINED:
                    return False
                size += 1
                continue
            if t is not None and t.value is not None:
                return False
            names, size = names + (size > 0), 0
        return names == value

    def _counts_one(self, k: int) -> bool:
        """``two benches take 5 hours``: so many of one thing."""
        near = [m for m in self.found if k < m.start <= k + 2]
        joins = {"and", "or", ",", "the", "a", "an"}
        rest = {
            m.entity
            for m in self.found
            if near and near[0].end <= m.start and all(t.low in joins for t in self.tokens[near[0].end : m.start])
        }
        return bool(near) and not rest - {near[0].entity} and not self._opens_list(k)

    def _opens_list(self, k: int) -> bool:
        """``two alternatives, A and B`` / ``two creams, A and B``: all things are named right behind."""
        behind = [m.entity for m in self.found if m.start > k]
        between = self.tokens[k + 1 : (self.found[0].start if self.found else k)]
        if set(behind) != set(range(len(self.entities.names))) or any(t.value is not None for t in between):
            return False
        near = [m for m in self.found if m.start > k]
        joins = {"and", "or", ",", "the", "a", "an", "by", "using", "in", "from", "of", "also", "with", "as", "well"}
        return all(
            t.low in joins or t.stem in MEASURES | self.nouns | CLASS
            for a, b in itertools.pairwise(near)
            if a.entity != b.entity
            for t in self.tokens[a.end : b.start]
        )

    def _op_near(self, k: int) -> bool:
        lows = [t.low for t in self.tokens[max(0, k - 3) : k]]
        return "least" in lows or "most" in lows or "than" in lows

    def _lists(self) -> None:
        """``$5, $6 and $7 for A, B and C respectively``."""
        tokens, many = self.tokens, len(self.entities.names)
        runs: list[list[int]] = []
        for k, token in enumerate(tokens):
            if token.value is None or k in self.done or token.flavour in {"times", "part"}:
                continue
            between = list(range(runs[-1][-1] + 1, k)) if runs else []
            joins = {"and", "or", "a", "an"}
            units = {tokens[i].stem for i in between if tokens[i].kind == "word" and tokens[i].low not in joins}
            same = (
                len(units) == 1
                and len(between) <= 4
                and k + 1 < len(tokens)
                and tokens[k + 1].stem in units
                and tokens[runs[-1][-1]].flavour == token.flavour
            )
            if (
                runs
                and (same or not units)
                and all(tokens[i].text == "," or tokens[i].low in joins or tokens[i].stem in units for i in between)
            ):
                runs[-1].append(k)
            else:
                runs.append([k])
        for run in runs:
            who = self._coordinated(run)
            if len(run) != many or many < 2 or who is None:
                continue
            lead = self._lead(run[0])
            after = self._after(run[-1], self._clause_end(run[-1]))
            for k, entity in zip(run, who, strict=True):
                self._amount(entity, k, after, lead)
            self.done.update(run)

    def _coordinated(self, run: list[int]) -> list[int] | None:
        """The order in which all entities stand next to each other nearest the run."""
        many = len(self.entities.names)
        order = [m.entity for m in self.found]
        best: list[int] | None = None
        for k in range(len(order) - many + 1):
            window = order[k : k + many]
            if len(set(window)) == many and self._adjacent(k, many):
                best = window
                if self.found[k].start > run[-1]:
                    break
        return best

    def _adjacent(self, k: int, many: int) -> bool:
        for a, b in zip(self.found[k : k + many], self.found[k + 1 : k + many], strict=False):
            gap = self.tokens[a.end : b.start]
            if len(gap) > 5 or any(t.value is not None or t.low in VERBS for t in gap):
                return False
        return True
