"""Prompts: files put together for the problem at hand. docs/prompts.md says how to change them.

Everything a person or a file contributed stands between marks that the text itself cannot contain, and the model is
told that what stands there is data. That is a courtesy to the model, not the defence: the defence is that nothing a
model writes is believed or executed, only parsed and checked.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quod.core.diagnostics import Diagnostic, Severity
from quod.core.formalism import Formalism
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.translators.llm.attachments import describe_attachments
from quod.translators.llm.client import Message, assistant, system, user
from quod.translators.llm.retrieval import ExampleStore

__all__ = ["FENCES", "LANGUAGES", "VERSION", "Prompter", "marks", "render_diagnostics", "render_prompt", "template"]

VERSION = 3
"""Version of the prompt files; see prompts/CHANGELOG.md."""

_FOLDER = Path(__file__).parent / "prompts"
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_NAMES = {
    Formalism.FOL: "first-order logic (quod-fol)",
    Formalism.MILP: "an optimization model (quod-milp, JSON)",
    Formalism.PDDL: "a planning problem in PDDL",
    Formalism.LEAN: "Lean 4",
    Formalism.ROCQ: "Rocq",
}
_PROVED = frozenset({Formalism.LEAN, Formalism.ROCQ})
LANGUAGES = {
    Formalism.FOL: "quod-fol",
    Formalism.MILP: "quod-milp",
    Formalism.PDDL: "pddl",
    Formalism.LEAN: "lean4",
    Formalism.ROCQ: "rocq",
}
"""The language a model writes each formalism in."""
FENCES = {
    Formalism.FOL: "fol",
    Formalism.MILP: "json",
    Formalism.PDDL: "pddl",
    Formalism.LEAN: "lean",
    Formalism.ROCQ: "coq",
}
_MAX_DIAGNOSTICS = 12
_MAX_LINE = 300


@cache
def template(name: str) -> str:
    """A prompt file by its path under ``prompts/``, without the ending."""
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip() + "\n"


def fill(name: str, **values: str) -> str:
    """A prompt file with its placeholders filled. A placeholder without a value is a bug of ours."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template(name)).strip()


def marks(*texts: str) -> tuple[str, str]:
    """An opening and a closing mark that occur in none of the texts."""
    tag = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
    while any(f"{tag}>>>" in text for text in texts):
        tag = hashlib.sha256(tag.encode()).hexdigest()[:8]
    return f"<<<{tag}>>>", f"<<<end {tag}>>>"


@dataclass(frozen=True)
class Prompter:
    """Makes the prompts of one formalism."""

    formalism: Formalism
    schema: JsonDict | None = None
    """JSON schema of the formal language, where it is JSON."""
    examples: int = 3
    """How many worked examples a prompt shows."""
    user_examples: Path | None = None

    def draft(self, problem: Problem) -> tuple[Message, ...]:
        """The prompt for a first translation."""
        opened, closed = marks(problem.text, *(item.content[:200_000] for item in problem.context))
        proves = self.formalism in _PROVED
        told = fill(
            "shared/system",
            aim=fill("shared/prove" if proves else "shared/translate", language_name=_NAMES[self.formalism]),
            language=template(f"{self.formalism}/language").strip(),
            task=template(f"{self.formalism}/task").strip(),
            reply=self.reply_rule(),
            open=opened,
            close=closed,
        )
        asked = fill(
            "shared/problem",
            examples=self._examples(problem),
            context=describe_attachments(problem, opened, closed),
            open=opened,
            problem=problem.text.strip(),
            close=closed,
            ask="Prove it." if proves else "Translate it.",
        )
        return system(told), user(asked)

    def first_stage(self, problem: Problem) -> tuple[Message, ...]:
        """The prompt for the first of two stages: the vocabulary or the elements, before any formal text."""
        told, asked = self.draft(problem)
        return told, user(f"{asked.content}\n\n{template(f'{self.formalism}/stage').strip()}")

    def second_stage(self, problem: Problem, said: str) -> tuple[Message, ...]:
        """The prompt for the second stage, given what was said in the first."""
        return (*self.first_stage(problem), assistant(said), user(fill("shared/second", reply=self.reply_rule())))

    def mend(self, problem: Problem, formal: str, diagnostics: tuple[Diagnostic, ...]) -> tuple[Message, ...]:
        """The prompt for mending a formal text: the first prompt, the text, and its faults."""
        asked = fill("shared/mend", diagnostics=render_diagnostics(formal, diagnostics))
        return (*self.draft(problem), assistant(self.fenced(formal)), user(asked + "\n\n" + self.reply_rule()))

    def again(self, messages: tuple[Message, ...], reply: str, why: str) -> tuple[Message, ...]:
        """The prompt after a reply in which no formal text was found."""
        said = assistant(reply[:8000] or "(nothing)")
        return (*messages, said, user(fill("shared/again", why=why, reply=self.reply_rule())))

    def reply_rule(self) -> str:
        """How the answer is to look."""
        if self.formalism is Formalism.MILP:
            schema = json.dumps(self.schema, ensure_ascii=False, separators=(",", ":")) if self.schema else "{}"
            return fill("shared/reply_json", schema=schema)
        return fill("shared/reply_text", fence=FENCES[self.formalism])

    def fenced(self, formal: str) -> str:
        """A formal text as a model would have written it."""
        return f"```{FENCES[self.formalism]}\n{formal.strip()}\n```"

    def _examples(self, problem: Problem) -> str:
        store = ExampleStore.read(self.formalism, self.user_examples)
        return "".join(
            fill("shared/example", text=example.text.strip(), formal=example.formal.strip(),
                 called="A right translation" if example.checked else "A translation that no engine has run",
                 fence=FENCES[self.formalism]) + "\n\n"
            for example in store.nearest(problem.text, self.examples)
        )  # fmt: skip


def render_prompt(
    problem: Problem, formalism: Formalism, *, schema: JsonDict | None = None, user_examples: Path | None = None
) -> str:
    """The whole prompt as one text, to be pasted into any chat. The reply goes to :func:`.reply.read_reply`."""
    prompter = Prompter(formalism, schema, user_examples=user_examples)
    return "\n\n".join(message.content for message in prompter.draft(problem)) + "\n"


def render_diagnostics(formal: str, diagnostics: tuple[Diagnostic, ...]) -> str:
    """Diagnostics for a model: errors first, each with its line and a mark under the failing stretch."""
    lines = formal.split("\n")
    told = [d for d in diagnostics if d.severity is not Severity.INFO]
    told.sort(key=lambda d: d.severity is not Severity.ERROR)
    parts = [_one(diagnostic, lines) for diagnostic in told[:_MAX_DIAGNOSTICS]]
    if len(told) > _MAX_DIAGNOSTICS:
        parts.append(f"and {len(told) - _MAX_DIAGNOSTICS} more")
    return "\n\n".join(parts) or "(none)"


def _one(diagnostic: Diagnostic, lines: list[str]) -> str:
    parts = [f"{diagnostic.severity} [{diagnostic.code}]: {diagnostic.message}"]
    span = diagnostic.span
    if span is not None and diagnostic.file is None and 1 <= span.line <= len(lines):
        line = lines[span.line - 1]
        end = span.end_column if span.end_column and span.end_line in {None, span.line} else None
        if span.end_line is not None and span.end_line > span.line:
            end = len(line) + 1
        # a long line is shown around the place
        start = max(0, span.column - 1 - _MAX_LINE // 2)
        shown = line[start : start + _MAX_LINE]
        at = span.column - 1 - start
        width = max(1, min((end or span.column + 1) - span.column, len(shown) - at))
        gutter = f"line {span.line}: "
        parts += [gutter + shown, " " * (len(gutter) + at) + "^" * width]
    elif diagnostic.file is not None:
        parts.append(f"in {diagnostic.file}" + (f", {span}" if span else ""))
    if diagnostic.source:
        parts.append(f"words of the problem: {diagnostic.source[:_MAX_LINE]}")
    if diagnostic.hint:
        parts.append(f"hint: {diagnostic.hint}")
    return "\n".join(parts)
