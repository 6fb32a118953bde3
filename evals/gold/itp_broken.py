# ruff: noqa: E501 - proofs are data, one a line
"""Honest proofs broken by mutation in one to three places, for the repair to heal."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from quod.evals.gold.itp_honest import STEPS, Honest

__all__ = ["Broken", "broken"]

_WRONG = ("omega_nat.", "linarith.", "norm_num.", "exact foo.", "apply nonexistent_lemma.", "rewrite Nat.foo_comm.", "auto with zzz.",
          "simpl in H9.", "destruct q99.", "intros ((.", "nlinarith [sq_nonneg (x - y)].", "reflexivity; lia; ring.")  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A proof that was whole once."""

    name: str
    honest: Honest
    candidate: str
    places: int


def broken(seed: int = 0, rounds: int = 1) -> tuple[Broken, ...]:
    """One broken version of each proof with steps, ``rounds`` times over, by seeded mutation."""
    chance = random.Random(seed)
    found: list[Broken] = []
    for turn in range(rounds):
        for honest in STEPS:
            lines = honest.proof.split("\n")
            places = min(len(lines), chance.choice((1, 1, 2, 3)))
            for index in sorted(chance.sample(range(len(lines)), places), reverse=True):
                lines[index : index + 1] = _mutated(lines[index], chance)
            proof = "\n".join(lines)
            text = f"{honest.header}{honest.before}{honest.statement}\nProof.\n{proof}\nQed.\n"
            found.append(Broken(f"{honest.name}_{turn}", honest, text, places))
    return tuple(found)


def _mutated(line: str, chance: random.Random) -> list[str]:
    lead = re.match(r"\s*(?:[-+*{]\s*)?", line)
    assert lead is not None
    prefix, rest = lead.group(), line[lead.end() :]
    kind = chance.choice(("wrong", "wrong", "drop", "misspell", "extra"))
    if kind == "drop" and not prefix.strip() and "}" not in rest:
        return []
    if kind == "misspell" and (word := re.match(r"\w+", rest)):
        return [prefix + word.group()[:-1] + "x" + rest[word.end() :]]
    if kind == "extra":
        return [line, chance.choice(_WRONG)]
    closing = " }" if rest.rstrip().endswith("}") else ""
    return [prefix + chance.choice(_WRONG) + closing]
