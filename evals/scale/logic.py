"""Deduction chains and zebra grids, both with their answer by construction."""

from __future__ import annotations

import itertools
import random

from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.evals.benchmarks.puzzles import GridGrade
from quod.evals.grading import LabelGrade
from quod.evals.scale.instance import Instance, listed, made_up_words

__all__ = ["deduction", "zebra"]


def _gold(text: str) -> Formalization:
    return Formalization(formalism=Formalism.FOL, language="quod-fol", text=text)


def deduction(size: int, rng: random.Random) -> Instance:
    """A chain of kinds ending in a property, with side branches that lead nowhere.

    The answer: True or False by following the chain from its first kind; Unknown when the property asked about hangs
    at a kind the individual is never shown to be.
    """
    length = (2, 6, 20, 60, 200)[size - 1]
    branches = length // 2 + 1
    kinds = made_up_words(length + branches + 1, rng, "us")
    properties = made_up_words(branches + 2, rng, "ish")
    chain, side = kinds[: length + 1], kinds[length + 1 :]
    individual = rng.choice(["Rex", "Sam", "Max", "Polly", "Stella", "Alex", "Wren", "Fae"])
    label = rng.choice(["True", "False", "Unknown"])
    asked = properties[0]
    rules = [(a, b, True) for a, b in itertools.pairwise(chain)]
    rules += [(chain[rng.randrange(len(chain))], properties[i + 2], rng.random() < 0.5) for i in range(branches - 1)]
    # side kinds: whatever is one would be a kind of the chain, which says nothing of who is in the chain already
    rules += [(kind, chain[rng.randrange(len(chain))], True) for kind in side]
    rules.append((side[0], asked, rng.random() < 0.5) if label == "Unknown" else (chain[-1], asked, label == "True"))
    rng.shuffle(rules)
    nouns = set(kinds)
    said, formal = [], []
    for number, (kind, what, holds) in enumerate(rules, start=1):
        words = _rule(kind, what, what in nouns, holds, rng)
        said.append(words)
        formal.append(f"  s{number}: ∀x ({kind}(x) → {'' if holds else '¬'}{what}(x)) ::: {words}")
    fact = f"{individual} is {_a(chain[0])}."
    question = f"{individual} is {asked}."
    formal.append(f"  s{len(rules) + 1}: {chain[0]}({individual}) ::: {fact}")
    used = {name for kind, what, _ in rules for name in (kind, what)}
    header = [f"constants:\n  {individual} ::: {individual}", "predicates:"]
    header += [f"  {name}(x) ::: x is {_a(name) if name in nouns else name}" for name in sorted(used)]
    text = f"{' '.join([*said, fact])} True or false: {question}"
    gold = "\n".join([*header, "premises:", *formal, "question:", f"  {asked}({individual}) ::: {question}"])
    return Instance(text, _gold(gold), LabelGrade(label))


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _rule(kind: str, what: str, is_noun: bool, holds: bool, rng: random.Random) -> str:
    start = rng.choice(["Every", "Each"])
    told = _a(what) if is_noun else what
    if rng.random() < 0.3:
        return f"{kind.capitalize()}es are {'' if holds else 'not '}{what + 'es' if is_noun else what}."
    return f"{start} {kind} is {'' if holds else 'not '}{told}."


_PEOPLE = "Anna Ben Clara David Emma Frank Grace Henry Iris Jack Karen Leo".split()
_GROUPS = {
    "pet": "cat dog fish horse rabbit parrot hamster snake turtle goat duck pony".split(),
    "drink": "tea coffee milk juice water cocoa cider lemonade soda beer wine broth".split(),
    "colour": "red blue green white yellow black grey orange purple pink brown silver".split(),
    "fruit": "apple pear plum cherry grape melon peach lime mango kiwi fig banana".split(),
    "sport": "tennis golf rugby hockey chess archery rowing boxing judo fencing cricket squash".split(),
    "flower": "rose tulip lily daisy tansy orchid marigold poppy aster violet lotus begonia".split(),
    "instrument": "piano violin cello flute harp drum guitar oboe tuba viola horn organ".split(),
}


def zebra(size: int, rng: random.Random) -> Instance:
    """Houses in a row, each with one value of every group.

    The answer is unique because the clues hold a spanning tree over all values, rooted at one that is placed outright:
    each other clue of the tree says in which house a value is, given where another one is.
    """
    houses, groups = ((3, 2), (4, 3), (5, 5), (8, 6), (12, 8))[size - 1]
    names = ["person", *rng.sample(list(_GROUPS), groups - 1)]
    values = {g: rng.sample((_PEOPLE if g == "person" else _GROUPS[g])[:houses], houses) for g in names}
    where = {v: i + 1 for members in values.values() for i, v in enumerate(members)}
    group_of = {v: g for g, members in values.items() for v in members}
    order = list(where)
    rng.shuffle(order)
    clues = [f"{_subject(order[0], group_of)} in house {where[order[0]]}."]
    formal = [f"{group_of[order[0]]}_at({order[0]}) = {where[order[0]]}"]
    placed = [order[0]]
    waiting = order[1:]
    while waiting:
        # someone whose house is the same as, or next to, that of one placed before
        at, value, other = _next_clue(waiting, placed, where, group_of, rng)
        waiting.pop(at)
        placed.append(value)
        step = where[value] - where[other]
        first, second = f"{group_of[value]}_at({value})", f"{group_of[other]}_at({other})"
        if step == 0:
            clues.append(f"{_subject(value, group_of)} in the same house as {_object(other, group_of)}.")
            formal.append(f"{first} = {second}")
        else:
            side = "left" if step < 0 else "right"
            clues.append(
                f"{_subject(value, group_of)} in the house directly to the {side} of {_object(other, group_of)}."
            )
            ends = ((h, h + 1) if step < 0 else (h + 1, h) for h in range(1, houses))
            formal.append(" ∨ ".join(f"({first} = {x} ∧ {second} = {y})" for x, y in ends))
    pairs = list(zip(clues, formal, strict=True))
    rng.shuffle(pairs)
    intro = f"There are {houses} houses in a row, numbered 1 to {houses} from left to right. "
    intro += " ".join(f"Each house has a different {g}: {listed(sorted(members))}." for g, members in values.items())
    text = f"{intro} {' '.join(clue for clue, _ in pairs)} Which {listed(names)} belongs to each house?"
    lines = ["sorts:", f"  house = 1..{houses}"]
    lines += [f"  {g} = {{{', '.join(members)}}}" for g, members in values.items()]
    lines += ["functions:", *(f"  {g}_at(x: {g}) -> house bijective ::: the house of x" for g in names), "premises:"]
    lines += [f"  s{n}: {f} ::: {clue}" for n, (clue, f) in enumerate(pairs, start=1)]
    lines += ["find:", "  the house of everyone and everything"]
    grid = tuple((str(h + 1), *(values[g][h] for g in names)) for h in range(houses))
    return Instance(text, _gold("\n".join(lines)), GridGrade(("house", *names), grid))


def _next_clue(
    waiting: list[str], placed: list[str], where: dict[str, int], group_of: dict[str, str], rng: random.Random
) -> tuple[int, str, str]:
    """The next value (and its place in the list) that can be told from one placed already."""
    for at, value in enumerate(waiting):
        for other in rng.sample(placed, len(placed)):
            step = abs(where[value] - where[other])
            if step == 1 or (step == 0 and group_of[value] != group_of[other]):
                return at, value, other
    raise AssertionError("some value is always in a house next to or the same as a placed one")


def _subject(value: str, group_of: dict[str, str]) -> str:
    return f"{value} is" if group_of[value] == "person" else f"The {value} is"


def _object(value: str, group_of: dict[str, str]) -> str:
    return value if group_of[value] == "person" else f"the {value}"
