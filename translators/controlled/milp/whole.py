"""Relations said in one whole clause, which must fit word by word: ranges, ratios, *N more A than B*, so many per B.

A sentence is written as signs: ``E3`` for the thing numbered 3, ``N`` for a plain number,
``T`` for a multiplier, ``V`` for any other; the words stay. A form has to fill its clause from end to end, so that nothing stands beside it that it does not read.
"""

# ruff: noqa: E501 - each form stands on one line

from __future__ import annotations

import itertools
import re
from fractions import Fraction

from quod.translators.controlled.milp.lexicon import MEASURES
from quod.translators.controlled.milp.lists import Lists
from quod.translators.controlled.milp.reading import RowStatement
from quod.translators.controlled.milp.tokens import stem

__all__ = ["Whole"]

_OPS = {
    "at least": ">=", "no less than": ">=", "no fewer than": ">=", "not less than": ">=", "a minimum of": ">=",
    "at most": "<=", "no more than": "<=", "not more than": "<=", "up to": "<=", "a maximum of": "<=",
    "exactly": "=", "equal to": "=",
}  # fmt: skip
_OP = rf"(?P<op>{'|'.join(_OPS)}) "
_MUST = r"(?:must|should|has to|have to|needs to|need to|shall)"
_DONE = r"(?:made|produced|manufactured|sold|built|used|planted|bought|hired|served|baked|prepared|scheduled|run)"
_DO = r"(?:make|produce|manufacture|sell|build|use|plant|buy|hire|serve|bake|prepare|schedule|have|run)"
_DOES = r"(?:makes|produces|manufactures|sells|builds|uses|plants|buys|hires|serves|bakes|prepares|has)"
_WHO = r"(?:(?:the|a|an|each) )?(?:\w+ )?\w+"
_HE = rf"(?:there (?P<must>{_MUST}) be |{_WHO} (?P<must2>{_MUST}) {_DO} |{_WHO} {_DOES} )?"
_PASSIVE = rf"(?: (?P<must3>{_MUST}) be {_DONE})?"
_UNITS = r"(?:(?:of the|units of|of) )?"
_COUNT = r"(?:the (?:total )?number of )?"
_SOLD = rf"(?: are {_DONE})?"
_WHEN = r"(?: (?:each|every|per) (?:day|week|month|year))?"
_SAYS = rf"(?:{_WHO} (?:also )?(?:estimates|expects|predicts) (?:that )?)?"
_LOW = "a minimum of|at least|no less than|no fewer than"
_HIGH = "a maximum of|at most|no more than"
_CRAFT = r"(?:make|produce|manufacture|sell|build|bake)"
_FORMS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("range", rf"{_HE}between (?P<n>N\d+) and (?P<m>N\d+) {_UNITS}(?P<a>E\d){_PASSIVE}"),
        ("range", rf"{_COUNT}(?P<a>E\d) {_MUST} be between (?P<n>N\d+) and (?P<m>N\d+)"),
        ("range", rf"{_SAYS}(?:{_LOW}) (?P<n>N\d+) (?P<a>E\d) (?:but|and) (?:{_HIGH}) (?P<m>N\d+)(?: (?P<again>E\d))? are {_DONE}{_WHEN}"),
        ("range", rf"{_SAYS}(?:{_LOW}) (?P<n>N\d+) (?:but|and) (?:{_HIGH}) (?P<m>N\d+) (?P<a>E\d) are {_DONE}{_WHEN}"),
        ("whom", rf"(?:[a-z'-]+ ){{1,9}}(?:need|needs|require|requires) {_OP}(?P<n>N\d+) (?:total )?[a-z]+ (?:, )?of whom (?:{_LOW}) (?P<m>N\d+) {_MUST} be (?P<a>E\d)"),
        ("all", rf"{_WHO} (?:can|could|{_MUST}) (?:only )?{_CRAFT} (?:{_OP})?(?P<n>N\d+) (?P<noun>[a-z]+) (?:in )?total"),
        ("all", rf"(?:[a-z'-]+ ){{1,6}}(?:only )?(?:fits|holds|can (?:only )?(?:fit|hold|store|display|accommodate)|has (?:room|space) for) (?:{_OP})?(?P<n>N\d+) (?P<noun>[a-z]+) (?:altogether|in total|in all|total)"),
        ("all", rf"{_OP}(?P<n>N\d+) (?P<class>[a-z]+) (?P<must>{_MUST}) be {_DONE}{_WHEN}"),
        ("ratio", rf"the ratio of {_COUNT}(?P<a>E\d) to {_COUNT}(?P<b>E\d) (?:{_MUST} be|is) (?:{_OP})?(?P<n>N\d+) (?::|to) (?P<m>N\d+)"),
        ("per", rf"{_HE}{_OP}(?P<n>N\d+) {_UNITS}(?P<a>E\d){_PASSIVE} (?:for (?:every|each)|per) (?:(?P<m>N\d+) )?(?P<b>E\d)(?: {_DONE})?"),
        ("per", rf"for (?:every|each) (?:(?P<m>N\d+) )?(?P<b>E\d)(?: {_DONE})? , {_HE}{_OP}(?P<n>N\d+) {_UNITS}(?P<a>E\d){_PASSIVE}"),
        ("more", rf"{_HE}(?:{_OP})?(?P<n>N\d+) (?P<side>more|fewer|less) (?P<a>E\d) than (?P<b>E\d){_PASSIVE}"),
        ("more", rf"{_HE}(?:{_OP})?(?P<n>N\d+) (?P<a>E\d) (?P<side>more|fewer|less) than (?P<b>E\d){_PASSIVE}"),
        ("more", rf"{_HE}(?:{_OP})?(?P<n>N\d+) (?:(?P<side>more|fewer|less) )?(?P<a>E\d){_PASSIVE} than (?P<b>E\d)"),
        ("neither", r"neither (?:product|item|thing|kind|type|of the (?:products|items|two)|of them) (?:may|can|must|should) exceed (?P<n>N\d+)(?: units| pieces| items)?"),
        ("total", rf"(?:the total number of|the total of|the sum of) (?P<a>E\d) and (?P<b>E\d) {_MUST} be {_OP}(?P<n>N\d+)"),
    )
)  # fmt: skip
_DIFFERENCE = re.compile(r"\b(?:N\d+|V\d+) (?:(?:more|fewer|less) E\d\b|E\d (?:more|fewer|less)\b)(?! than N)")


class Whole(Lists):
    """Clauses read as a whole, before a sentence is cut into chunks."""

    def _signs(self, low: int, high: int) -> str:
        starts = {m.start: m for m in self.found}
        words: list[str] = []
        k = low
        while k < high:
            token = self.tokens[k]
            if k in starts:
                words.append(f"E{starts[k].entity}")
                k = starts[k].end
                continue
            if token.value is not None:
                words.append(f"{'T' if token.flavour == 'times' else 'V' if token.flavour else 'N'}{k}")
            elif token.low in {"cannot", "not", "never"} or token.kind == "word" or token.text in {",", ":"}:
                words.append(token.low)
            k += 1
        return " ".join(words)

    def _wholes(self) -> None:
        """Every stretch between marks that a form fills."""
        end = len(self.tokens)
        cuts = [-1, *(k for k, t in enumerate(self.tokens) if t.text in {",", ";", "."}), end]
        for i, low in enumerate(cuts):
            for high in reversed(cuts[i + 1 :]):
                if high - low > 2 and not self.done & set(range(low + 1, high)):
                    self._one(low + 1, high)
        for low, high in itertools.pairwise(cuts):
            left = self._signs(low + 1, high)
            if not self.done & set(range(low + 1, high)) and _DIFFERENCE.search(left):
                self.reading.unread.append(self._slice(low + 1, high))

    def _one(self, low: int, high: int) -> None:
        said = self._signs(low, high).removeprefix("and ").removeprefix("so ").removeprefix("also ")
        if self._each_station(low, high, said):
            return
        for name, form in _FORMS:
            match = form.fullmatch(said)
            rows = self._rows(name, match) if match else []
            if match and rows:
                words = self._slice(low, high)
                for terms, op, right, loose in rows:
                    kind = {"range": {"<=": "upperbound", ">=": "lowerbound"}, "neither": {"<=": "upperbound"}}
                    label = kind.get(name, {}).get(
                        op, "sum" if name in {"total", "all"} or len(terms) > 2 else "linear"
                    )
                    self.reading.rows.append(RowStatement(terms, op, right, words, label, False, loose))
                self.done.update(range(low, high))
                return

    def _rows(self, name: str, match: re.Match[str]) -> list[tuple[dict[int, Fraction], str, Fraction, bool]]:
        got = match.groupdict()
        one, none = Fraction(1), Fraction(0)

        def number(group: str) -> Fraction:
            value = self.tokens[int(got[group][1:])].value
            assert value is not None
            return value

        a = int(got["a"][1:]) if got.get("a") else -1
        b = int(got["b"][1:]) if got.get("b") else -1
        if a == b and a >= 0:
            return []
        op = _OPS[got["op"]] if got.get("op") else ""
        many = len(self.entities.names)
        if name == "whom":
            # those of whom some are A are the things themselves
            return [(self._everyone(), op, number("n"), False), ({a: one}, ">=", number("m"), False)]
        if name == "all":
            return self._all(match, number("n"), op)
        if got.get("again") and got["again"] != got["a"]:
            return []
        if name == "range":
            if number("n") > number("m"):
                return []
            return [({a: one}, ">=", number("n"), False), ({a: one}, "<=", number("m"), False)]
        if name == "ratio":
            return [({a: number("m"), b: -number("n")}, op or "=", none, False)]
        if name == "per":
            each = number("m") if got.get("m") else one
            return [({a: each, b: -number("n")}, op, none, False)]
        if name == "neither":
            return [({e: one}, "<=", number("n"), False) for e in range(many)] if many == 2 else []
        if name == "total":
            return [({a: one, b: one}, op, number("n"), False)]
        if not got.get("side") and not re.search(r"more|fewer|less", match[0]):
            return []
        obliged = any(got.get(g) for g in ("must", "must2", "must3"))
        less = got.get("side") in {"fewer", "less"}
        if less and op == "<=":
            return []  # at most 5 fewer: so many fewer, or none
        terms = {b: one, a: -one} if less else {a: one, b: -one}
        return [(terms, op or (">=" if obliged else "="), number("n"), obliged and not op)]

    def _all(
        self, match: re.Match[str], value: Fraction, op: str
    ) -> list[tuple[dict[int, Fraction], str, Fraction, bool]]:
        """*can make at most 33 animals total*: a noun said nowhere else, or of the things, counts them all."""
        got = match.groupdict()
        if got.get("class"):
            kind = stem(got["class"])
            return [(self._everyone(), op, value, False)] if kind in self.nouns - MEASURES else []
        noun = stem(match["noun"])
        if noun in MEASURES or not (noun in self.nouns | {"item", "product", "good"} or self.said[noun] == 1):
            return []
        able = re.search(r" (?:can|could|fits|holds|has (?:room|space)) ", match[0])
        holds = able and not re.search(rf" {_CRAFT} ", match[0])
        if holds and noun not in self.nouns | {"item", "product", "good", "piece", "unit", "thing"}:
            return []  # "the closet holds 18 shelves in total"
        op = op or ("<=" if able else "")
        if not op or (able and op != "<="):
            return []
        return [(self._everyone(), op, value, False)]

    def _everyone(self) -> dict[int, Fraction]:
        return dict.fromkeys(range(len(self.entities.names)), Fraction(1))
