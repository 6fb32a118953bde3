"""The store of worked examples, and choosing those most like the problem at hand.

Examples are YAML lists of ``{id, text, formal}`` in one file a formalism, with ``checked: false`` where no engine has
run them. Users add theirs in a folder of their own with the same file names (``QUOD_MODEL_EXAMPLES``). Likeness is the
cosine of TF-IDF vectors over word stems: small, deterministic, and good enough to find "blending" for a blending
problem.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.model import Frozen

__all__ = ["Example", "ExampleStore"]

_SHIPPED = Path(__file__).parent / "examples"
_WORD = re.compile(r"[^\W\d_]+|\d+")
_ENDINGS = re.compile(r"(?<=\w\w\w)(?:ings?|edly|ed|es|ly|s)$")


class Example(Frozen):
    """A text and a right translation of it."""

    id: str
    text: str
    formal: str
    checked: bool = True
    """Whether an engine has accepted it; the prompt says where none has."""


_LIST = TypeAdapter(tuple[Example, ...])


class ExampleStore:
    """All examples of one formalism. A user's example with the id of a shipped one replaces it."""

    def __init__(self, examples: tuple[Example, ...]) -> None:
        self.examples = examples
        self._bags = [_bag(example.text) for example in examples]
        documents = Counter(word for bag in self._bags for word in bag)
        count = len(examples)
        # words of every example (the, is) tell nothing; unknown words tell most
        self._weight = {word: math.log((1 + count) / (1 + n)) + 0.1 for word, n in documents.items()}
        self._rare = math.log(1 + count) + 0.1

    @classmethod
    def read(cls, formalism: Formalism, user: Path | None = None) -> ExampleStore:
        """The shipped examples and the user's. Raises InputError if a file is wrong."""
        return _read(formalism, user)

    def nearest(self, text: str, count: int) -> tuple[Example, ...]:
        """The ``count`` examples most like ``text``, the nearest last, where models heed it most."""
        bag = _bag(text)
        scored = [(self._likeness(bag, own), -index) for index, own in enumerate(self._bags)]
        best = sorted(scored, reverse=True)[:count]
        return tuple(self.examples[-index] for _, index in reversed(best))

    def _likeness(self, a: Counter[str], b: Counter[str]) -> float:
        weight, rare = self._weight, self._rare

        def norm(bag: Counter[str]) -> float:
            return math.sqrt(sum((n * weight.get(word, rare)) ** 2 for word, n in bag.items())) or 1.0

        common = sum(n * b[word] * weight.get(word, rare) ** 2 for word, n in a.items() if word in b)
        return common / (norm(a) * norm(b))


@lru_cache(maxsize=32)
def _read(formalism: Formalism, user: Path | None) -> ExampleStore:
    found: dict[str, Example] = {}
    for folder in (_SHIPPED, user):
        path = folder / f"{formalism}.yaml" if folder is not None else None
        if path is None or (folder is not _SHIPPED and not path.exists()):
            continue
        try:
            for example in _LIST.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or ()):
                found[example.id] = example
        except OSError as error:
            raise InputError(f"cannot read the examples {path}: {error.strerror}") from None
        except yaml.YAMLError as error:
            raise InputError(f"the examples {path} are not YAML: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"the examples {path} are wrong at {where}: {first['msg']}") from None
    return ExampleStore(tuple(found.values()))


def _bag(text: str) -> Counter[str]:
    return Counter(_ENDINGS.sub("", word) for word in _WORD.findall(text.lower()))
