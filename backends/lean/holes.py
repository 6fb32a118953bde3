"""The sorrifier (after APOLLO): failing steps of a Lean proof become ``sorry``, by the positions of the errors.

Works on text alone, so it runs without Lean; with one, it is repeated until only holes are left.
"""

from __future__ import annotations

import re

from quod.backends.itp.types import Goal, Hole, Hypothesis
from quod.backends.lean.wire import Message, Sorry

__all__ = ["extract", "fill", "lemma_of", "parse_goal", "sorrify"]


def sorrify(text: str, errors: tuple[Message, ...]) -> str:
    """``text`` with each failing step replaced by ``sorry``; unchanged if no error has a place in it."""
    lines = text.split("\n")
    spans: list[tuple[int, int]] = []
    appended: list[int] = []
    for message in errors:
        if message.pos is None or not 1 <= message.pos.line <= len(lines):
            continue
        index = message.pos.line - 1
        if message.data.startswith("unsolved goals"):
            appended.append(index)
        else:
            spans.append((index, message.pos.column))
    done: set[int] = set()
    out = list(lines)
    for index, column in sorted(spans, reverse=True):
        start = _step_start(lines, index)
        if start in done:
            continue
        done.add(start)
        end = _block_end(lines, start)
        out[start:end] = [_holed(lines[start], column if index == start else None)]
        lines = list(out)
    for index in sorted(appended, reverse=True):
        if index >= len(out):
            continue
        end = _block_end(out, index)
        indent = _indent(out[index + 1]) if index + 1 < end else _indent(out[index]) + 2
        if out[index].rstrip().endswith(("by", "=>", "·")) or index + 1 < end:
            out.insert(end, " " * indent + "sorry")
        else:
            out[index] = _holed(out[index], None)
    return "\n".join(out)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _step_start(lines: list[str], index: int) -> int:
    """The line where the step at ``index`` begins: continuation lines are deeper than their step."""
    while index > 0 and re.match(r"\s*(?:<;>|[)\]⟩,]|\||at\b|using\b)", lines[index]):
        index -= 1
    return index


def _block_end(lines: list[str], start: int) -> int:
    """One past the last line of the step that begins at ``start``: lines that are deeper, or continue it."""
    depth = _indent(lines[start])
    end = start + 1
    while end < len(lines):
        line = lines[end]
        if line.strip() and _indent(line) <= depth and not re.match(r"\s*(?:<;>|[)\]⟩])", line):
            break
        end += 1
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    return end


_HAVE = re.compile(r"^(\s*(?:·\s*)?(?:have|show|suffices|calc|obtain)\b.*?:=)\s*.*$")
_DOT = re.compile(r"^(\s*(?:·\s*)?(?:\|[^=]*=>\s*|case\s+[^=]*=>\s*)?)")


def _holed(line: str, column: int | None) -> str:
    """The step with its proof, or itself, replaced by a hole."""
    have = _HAVE.match(line)
    if have and (column is None or column >= len(have[1]) or column <= _indent(line)):
        return f"{have[1]} sorry" if "obtain" not in have[1] else f"{have[1]} by sorry"
    by = re.match(r"^(\s*(?:theorem|lemma)\b.*:=\s*by)\b.*$", line)
    if by:
        return f"{by[1]} sorry"
    lead = _DOT.match(line)
    prefix = lead[1] if lead else ""
    return f"{prefix}sorry"


_LINE = re.compile(r"^([^\s:][^:]*?)\s*:\s*(.*)$", re.DOTALL)


def parse_goal(text: str) -> Goal | None:
    """A goal as Lean prints it (``case``, hypotheses, ``⊢`` conclusion); None if there is no turnstile."""
    head, mark, conclusion = text.partition("⊢")
    if not mark:
        return None
    entries: list[str] = []
    for line in head.split("\n"):
        if line.startswith("case ") and not entries:
            continue
        if line[:1].isspace() and entries:
            entries[-1] += " " + line.strip()
        elif line.strip():
            entries.append(line.strip())
    hypotheses: list[Hypothesis] = []
    for entry in entries:
        match = _LINE.match(entry)
        if match:
            kind, assigned, value = match[2].partition(" := ")
            hypotheses.append(Hypothesis(tuple(match[1].split()), kind, value if assigned else None))
    return Goal(tuple(hypotheses), " ".join(conclusion.split()), text)


def lemma_of(goal: Goal, name: str) -> str:
    """The goal as a theorem of its own; names that Lean made inaccessible get plain ones."""
    renamed: dict[str, str] = {}
    parts: list[str] = []
    for number, hypothesis in enumerate(goal.hypotheses):
        names = []
        for old in hypothesis.names:
            new = old
            if "✝" in old:
                new = f"h_{number}_{len(renamed)}"
                renamed[old] = new
            names.append(new)
        instance = bool(re.match(r"inst", hypothesis.names[0])) if hypothesis.names else False
        parts.append(f"[{hypothesis.type}]" if instance else f"({' '.join(names)} : {hypothesis.type})")
        if hypothesis.value:
            parts += [f"(h_{n} : {n} = {hypothesis.value})" for n in names]
    text = f"theorem {name} {' '.join(parts)} : {goal.conclusion} := by"
    for old, new in renamed.items():
        text = text.replace(old, new)
    return text


def extract(name: str, sorries: tuple[Sorry, ...]) -> tuple[Hole, ...]:
    """The holes a REPL reports, in order, each with its goal as a theorem."""
    holes: list[Hole] = []
    for number, sorry in enumerate(sorries, start=1):
        goal = parse_goal(sorry.goal)
        lemma = lemma_of(goal, f"{name}_hole_{number}") if goal else ""
        holes.append(Hole(number, goal, lemma, failed="", error=""))
    return tuple(holes)


def fill(text: str, proofs: dict[int, str]) -> str:
    """``text`` with the n-th ``sorry`` (from 1, comments aside) replaced by a proof, indented to fit."""
    from quod.backends.lean.scan import blank_comments

    places = [m.start() for m in re.finditer(r"(?<![\w.])sorry(?![\w'])", blank_comments(text, strings=True))]
    for number in sorted(proofs, reverse=True):
        if not 1 <= number <= len(places):
            continue
        at = places[number - 1]
        line_start = text.rfind("\n", 0, at) + 1
        lead = text[line_start:at]
        proof = proofs[number].strip("\n")
        if lead.strip():  # after := or =>, on one line with it
            inside = "by\n" if not lead.rstrip().endswith("by") else "\n"
            pad = " " * (_indent(text[line_start:at]) + 2)
            body = inside + "\n".join(pad + line for line in _dedent(proof))
            text = (
                f"{text[:at].rstrip()} {body}" + text[at + 5 :]
                if inside.startswith("by")
                else (text[:at].rstrip() + body + text[at + 5 :])
            )
        else:
            body = ("\n" + lead).join(_dedent(proof))
            text = text[:at] + body + text[at + 5 :]
    return text


def _dedent(proof: str) -> list[str]:
    lines = proof.split("\n")
    depth = min((_indent(line) for line in lines if line.strip()), default=0)
    return [line[depth:] for line in lines]
