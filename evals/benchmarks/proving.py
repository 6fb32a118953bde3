"""miniF2F in Lean 4 and in Rocq: right is what the kernel accepted for exactly the statement given.

``--translator none`` puts the formal statement to the proof assistant's own automation; ``llm`` has the model
prove it. In both the statement is given, so faithfulness is not in question; that many of miniF2F's formal
statements do not say what its words say (arXiv:2511.03108) is the benchmark's affair and noted in its sidecar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quod.core.errors import InputError
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.problem import FORMAL_ONLY, ContextItem, make_problem
from quod.evals.benchmark import Case, Row, Setting
from quod.evals.data import Raw, find_split, read_rows, read_text, require, unique
from quod.evals.grading import ProofGrade

__all__ = ["MINIF2F"]

_LEAN_THEOREM = re.compile(
    r"^theorem\s+(?P<name>\S+)(?P<rest>.*?):=\s*(?:by\b|sorry\b).*?(?=^theorem\s|\Z)", re.DOTALL | re.MULTILINE
)
_ROCQ_THEOREM = re.compile(
    r"^(?:Theorem|Lemma)\s+(?P<name>[\w']+).*?\.(?=\s*(?:Proof|Admitted|Abort|\Z))", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class _MiniF2F:
    """JSON lines with ``header`` and ``formal_statement``, or folders of ``.lean`` or ``.v`` files."""

    name: str = "minif2f"
    summary: str = "olympiad and textbook statements in Lean 4 and Rocq"
    formalism: Formalism = Formalism.LEAN
    translators: tuple[str, ...] = ("none", "llm")
    generated: bool = False

    def rows(self, path: Path, setting: Setting) -> Iterator[Row]:
        assistant = Formalism(setting.assistant or "lean")
        seen: dict[str, str] = {}
        for place, raw in _read(path, assistant, setting.split):
            require(place, raw, "name", "formal_statement")
            if setting.split is not None and raw.get("split", setting.split) != setting.split:
                message = f"{place}: split '{raw['split']}', asked for '{setting.split}'"
                raise InputError(message, code="input.wrong_split")
            _right_language(place, raw["formal_statement"], assistant)
            stated = statement(raw, assistant)
            name = unique(seen, str(raw["name"]), place)
            text = raw.get("informal_statement") or FORMAL_ONLY
            suffix = "lean" if assistant is Formalism.LEAN else "v"
            # beside the words, as a file that no candidate can reach: what is proved is this and nothing else
            given = (ContextItem(name=f"{name}.{suffix}", content=stated.text),) if setting.translator == "llm" else ()
            problem = make_problem(text=text, formalism=assistant, options=setting.options, context=given)
            case = Case(problem, ProofGrade(stated.text), stated)
            yield Row(id=name, cases=(case,), category=name.split("_")[0])


def statement(raw: Raw, assistant: Formalism) -> Formalization:
    """The statement to be proved, header first, without a proof."""
    text = f"{raw.get('header', '')}{raw['formal_statement']}"
    language = "lean4" if assistant is Formalism.LEAN else "rocq"
    return Formalization(formalism=assistant, language=language, text=text)


def _right_language(place: str, text: str, assistant: Formalism) -> None:
    looks_rocq = re.match(r"\s*(Theorem|Lemma|Example|Fact)\b", text) is not None
    if looks_rocq != (assistant is Formalism.ROCQ):
        other = "rocq" if looks_rocq else "lean"
        raise InputError(f"{place}: the statement is not {assistant}'s", hint=f"try --assistant {other}")


def _read(path: Path, assistant: Formalism, split: str | None) -> Iterator[tuple[str, Raw]]:
    suffix = ".lean" if assistant is Formalism.LEAN else ".v"
    if path.suffix == suffix:
        yield from _theorems(path)
        return
    sources = sorted(path.rglob(f"*{suffix}")) if path.is_dir() else []
    if split is not None and sources:
        sources = [
            s for s in sources if split.lower() in {part.lower() for part in s.relative_to(path).with_suffix("").parts}
        ]
        if not sources:
            raise InputError(f"'{path}' has no split '{split}'", code="input.wrong_split")
    if sources:
        for source in sources:
            yield from _theorems(source)
        return
    name = split
    if path.is_dir() and assistant is Formalism.ROCQ and (path / f"rocq_{split or 'valid'}.jsonl").exists():
        yield from read_rows(path / f"rocq_{split or 'valid'}.jsonl")
        return
    yield from read_rows(find_split(path, name))


def _theorems(source: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The theorems of a source file; what stands before the first is everybody's header."""
    text = read_text(source)
    lean = source.suffix == ".lean"
    pattern = _LEAN_THEOREM if lean else _ROCQ_THEOREM
    matches = list(pattern.finditer(text))
    if not matches:
        return
    header = text[: matches[0].start()]
    for match in matches:
        line = text.count("\n", 0, match.start()) + 1
        stated = f"theorem {match['name']}{match['rest']}:= by" if lean else match.group()
        yield f"{source}, line {line}", {"name": match["name"], "header": header, "formal_statement": stated}


MINIF2F = _MiniF2F()
