"""Things spoken of by their nouns where a pattern asks for names: "the hoist", "all crates", "crate crate1".

Such words become one token in the statement, ``the_hoist`` (the only one there is) or ``all_crate`` (whoever there is
of the kind), which a slot takes like a name; building the problem puts the names in, or says that it is not clear
which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from quod.translators.controlled.pddl.lexicon import Lexicon
from quod.translators.controlled.pddl.patterns import NAME

__all__ = ["References", "Referred", "singular", "token"]

_TOKEN = re.compile(r"(the|all)_([\w-]+)")
_ALL = r"(?:all (?:of )?(?:the |your )?|the |your )"
_END = r"(?!['’\w-])"


@dataclass(frozen=True, slots=True)
class Referred:
    """A kind of which the text speaks as of one thing, without its name."""

    kind: str


def singular(noun: str, nouns: tuple[str, ...]) -> bool:
    """Whether a noun has its plural beside it."""
    return bool({noun + "s", noun + "es", noun[:-1] + "ies"} & set(nouns))


def token(name: str) -> tuple[str, str] | None:
    """``("the", kind)`` or ``("all", kind)`` of a token; None of a name."""
    match = _TOKEN.fullmatch(name)
    return (match[1], match[2]) if match else None


class References:
    """The nouns of a lexicon, ready to be found in a statement."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.kind_of: dict[str, str] = {}
        ones: list[str] = []
        many: list[str] = []
        for kind in lexicon.kinds.values():
            for noun in kind.nouns:
                self.kind_of.setdefault(noun, kind.name)
                (ones if singular(noun, kind.nouns) else many).append(re.escape(noun))
        ones.sort(key=len, reverse=True)
        many.sort(key=len, reverse=True)
        one, several = "|".join(ones) or "(?!)", "|".join(many) or "(?!)"
        self.named = re.compile(rf"\b(?:the |your )?(?P<noun>{one}|{several}) (?P<name>{NAME}){_END}")
        self.article = re.compile(rf"\bthe (?P<name>{NAME}){_END}")
        self.plain = tuple(kind.named for kind in lexicon.kinds.values() if kind.plain)
        self.single = re.compile(rf"\b(?:the|your|my) (?P<noun>{one}){_END}")
        self.every = re.compile(rf"\b(?:{_ALL}(?P<many>{several})|(?:every|each) (?P<one>{one})){_END}")

    def without(self, text: str, is_of: Callable[[str, str], bool]) -> str:
        """A statement with tokens for its nouns; ``is_of`` says whether a name can be one of a kind."""

        def named(match: re.Match[str]) -> str:
            return match["name"] if is_of(match["name"], self.kind_of[match["noun"]]) else match[0]

        def bare(match: re.Match[str]) -> str:
            return match["name"] if any(p.fullmatch(match["name"]) for p in self.plain) else match[0]

        text = self.article.sub(bare, self.named.sub(named, text))
        text = self.every.sub(lambda m: f"all_{self.kind_of[m['many'] or m['one']]}", text)
        return self.single.sub(lambda m: f"the_{self.kind_of[m['noun']]}", text)
