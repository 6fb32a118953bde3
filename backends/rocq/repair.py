"""Repair of Rocq proofs: keep what checks, turn each failing step into a hole, close holes, put together again.

After APOLLO: the candidate is run sentence by sentence in a live session. A sentence that fails is first corrected from
a table of foreign tactics; failing that, the goal it stood at becomes a hole, and the run goes on behind it. Each hole
is tried with the portfolio where it stands; what is left is given back as a lemma with the hypotheses in sight, for a
model to prove. The result is text: it is worth nothing until the checker has taken the whole file from scratch.

``heal`` makes the holes and tries the portfolio; ``fill`` puts proofs into the holes that are left.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from quod.backends.itp.pool import SessionPool
from quod.backends.itp.types import Goal, Healed, Hole, Statement
from quod.backends.rocq import codes
from quod.backends.rocq.corrections import corrected
from quod.backends.rocq.portfolio import order, preamble_of, speaks_ssreflect
from quod.backends.rocq.sentences import Sentence, split
from quod.backends.rocq.session import Reply, RocqSession
from quod.backends.rocq.statement import STATEMENT_KEYWORDS
from quod.core.diagnostics import Diagnostic, Span
from quod.core.run import Cancel

__all__ = ["Healed", "Hole", "fill", "heal", "lemma_of"]

_ENDS = {"Qed", "Defined", "Admitted", "Abort"}
_HINT = re.compile(r"(?:Focus next goal with bullet|Expecting) ([-+*]+)\.?")
_ASSERTING = re.compile(r"^(assert|enough|cut)\s*(\(.*\)|[^,;]*?)\s+by\s+.*$", re.DOTALL)
_MAX_HOLES = 24


def heal(
    statement: Statement,
    candidate: str,
    pool: SessionPool[RocqSession],
    seconds: float,
    *,
    cancel: Cancel | None = None,
    tactic_seconds: float = 2.0,
) -> Healed:
    """Repair ``candidate``, a whole file for ``statement``.

    Raises InfrastructureError when no session can be had. The statement itself is put back where the candidate states
    something else under its name: a repair never changes what is to be proved.
    """
    body, offset = _body(candidate, statement.header)
    work = _Work(statement, candidate, time.monotonic() + seconds, tactic_seconds, cancel)
    # ssreflect, which the tactics load, switches bullets off; the candidate's own header decides
    bullets = "" if speaks_ssreflect(statement) else 'Set Bullet Behavior "Strict Subproofs".\n'
    with pool.lease(statement.header + preamble_of(statement) + bullets, timeout=max(1.0, seconds)) as session:
        work.session = session
        work.run(body, offset)
    used = tuple(dict.fromkeys(hole.strategy for hole in work.holes if hole.strategy))
    module = preamble_of(statement, *used) if used else ""
    text = f"{statement.header}{module}{work.text()}"
    return Healed(text, tuple(work.holes), tuple(work.notes), used)


def fill(healed: Healed, proofs: Mapping[int, str]) -> str:
    """The text with the given proofs in its holes; holes without one stay open."""
    text = healed.text
    filled = {hole.number for hole in healed.holes if hole.strategy} | set(proofs)
    for hole in healed.holes:
        if hole.number in proofs:
            proof = proofs[hole.number].strip()
            proof = re.sub(r"^Proof\.\s*|\s*(?:Qed|Defined)\.\s*$", "", proof)
            text = text.replace(_mark(hole), "{ " + proof + " }")
    if all(hole.number in filled for hole in healed.holes):
        head, _, last = text.rpartition("Admitted.")
        text = f"{head}Qed.{last}" if head else text
    return text


def lemma_of(goal: Goal, name: str) -> str:
    """A goal as a lemma over its context, as printed (definitions in the context become equations)."""
    parts: list[str] = []
    for hypothesis in goal.hypotheses:
        names = " ".join(hypothesis.names)
        parts.append(f"({names} : {hypothesis.type})" if hypothesis.type else f"({names} : _)")
        if hypothesis.value:
            parts += [f"({n}_is : {n} = {hypothesis.value})" for n in hypothesis.names]
    return f"Lemma {name} {' '.join(parts)} : {goal.conclusion}."


def _mark(hole: Hole) -> str:
    """How a hole stands in the text."""
    return f"(* hole {hole.number} *) admit."


def _body(candidate: str, header: str) -> tuple[str, int]:
    from quod.backends.rocq.checker import strip_header

    return strip_header(candidate, header)


@dataclass
class _Work:
    """One pass over a candidate."""

    statement: Statement
    candidate: str
    deadline: float
    tactic_seconds: float
    cancel: Cancel | None
    holes: list[Hole] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    session: RocqSession = field(init=False)
    skipping: bool = False
    """Behind a hole: what follows belonged to its goal, until a bullet or brace."""
    bulleted: bool = False
    dirty: bool = False
    """Whether the proof at hand has an open hole."""

    def text(self) -> str:
        return "\n".join(self.kept) + "\n"

    def run(self, body: str, offset: int) -> None:
        in_proof = False
        skip_proof = False
        main_done = False
        for sentence in split(body):
            if self.cancel is not None:
                self.cancel.check()
            if not self.session.alive:
                self._lost(sentence)
                break
            words = sentence.words
            if not sentence.terminated:
                self._note(f"left out an unfinished sentence: {sentence.text[:80]}", sentence, offset)
                continue
            if skip_proof:
                skip_proof = words[:1] == () or words[0] not in _ENDS
                continue
            if not in_proof:
                if words[:1] and words[0] in STATEMENT_KEYWORDS:
                    main = words[1:2] == (self.statement.name,)
                    stated = self.statement.text if main else sentence.text
                    in_proof = self.session.run(stated, 20.0).ok
                    if in_proof:
                        self.kept.append(stated)
                        self.skipping = self.bulleted = self.dirty = False
                        main_done = main_done or main
                    else:
                        self._note(f"left out '{' '.join(words[:2])}', which Rocq refuses", sentence, offset)
                        skip_proof = True
                else:
                    self._command(sentence, offset)
                continue
            if words[:1] and words[0] in _ENDS:
                self._finish()
                in_proof = False
                continue
            self._step(sentence, offset)
        if in_proof:
            self._finish()
        elif not main_done and self.session.alive:
            self.kept.append(self.statement.text)
            if self.session.run(self.statement.text, 20.0).ok:
                self.kept.append("Proof.")
                self.session.run("Proof.", 5.0)
                self.skipping = self.bulleted = self.dirty = False
                self._finish()

    # -------------------------------------------------------------------------------------------- outside a proof
    def _command(self, sentence: Sentence, offset: int) -> None:
        reply = self.session.run(sentence.text, 20.0)
        if (reply.ok and not reply.open_proof) or reply.ok:
            self.kept.append(sentence.text)
        else:
            self._note(f"left out a command that Rocq refuses: {sentence.text[:80]}", sentence, offset)

    # --------------------------------------------------------------------------------------------- inside a proof
    def _step(self, sentence: Sentence, offset: int) -> None:
        if sentence.is_bullet:
            reply = self.session.run(sentence.text, 10.0)
            if reply.ok:
                self.kept.append(sentence.text)
                self.bulleted = self.bulleted or sentence.text not in "{}"
                self.skipping = False
            elif sentence.text == "}":
                self._close_goal(sentence, reply)
                if self.session.run("}", 10.0).ok:
                    self.kept.append("}")
            return
        if self.skipping and self.bulleted:
            return
        reply = self._try(sentence.text)
        if reply.ok:
            self.kept.append(sentence.text)
            return
        if self.skipping and reply.kind is codes.NO_SUCH_GOAL:
            return
        suggested = _HINT.search(reply.output)
        if suggested and self.session.run(suggested[1], 5.0).ok:
            self.kept.append(suggested[1])
            self.bulleted = True
            reply = self._try(sentence.text)
            if reply.ok:
                self.kept.append(sentence.text)
                return
        if reply.kind is codes.NO_SUCH_GOAL or not self.session.goals():
            self._note(f"left out a step behind the end of its goal: {sentence.text[:80]}", sentence, offset)
            return
        other = corrected(sentence.text)
        if other is not None and self._try(other).ok:
            self.kept.append(other)
            self._note(f"wrote '{other[:80]}' for '{sentence.text[:80]}'", sentence, offset)
            return
        asserting = _ASSERTING.match(sentence.text.rstrip("."))
        if asserting:
            opened = f"{asserting[1]} {asserting[2]}."
            if self._try(opened).ok and self.session.run("{", 5.0).ok:
                self.kept += [opened, "{"]
                self._hole(sentence.text, reply)
                if self.session.run("}", 5.0).ok:
                    self.kept.append("}")
                return
        self._hole(sentence.text, reply)
        self.skipping = True

    def _try(self, text: str) -> Reply:
        left = self.deadline - time.monotonic()
        limit = max(1, round(min(left, 10.0)))
        if text.startswith(("Proof", "Ltac", "Set", "Unset", "Open", "Require", "Import", "Existing", "Show", "Focus")):
            return self.session.run(text, 20.0)
        return self.session.run(f"Timeout {limit} {text}", limit)

    def _close_goal(self, sentence: Sentence, reply: Reply) -> None:
        """A brace closes while goals are left: each is a hole."""
        for _ in range(_MAX_HOLES):
            if self.session.goals() and len(self.holes) < _MAX_HOLES:
                self._hole(sentence.text, reply)
            else:
                return

    def _hole(self, failed: str, reply: Reply) -> None:
        goals = self.session.goals()
        goal = goals[0] if goals else None
        number = len(self.holes) + 1
        name = f"{self.statement.name}_hole_{number}"
        lemma = lemma_of(goal, name) if goal else ""
        state = self.session.state
        for strategy in self._names():
            if time.monotonic() > self.deadline - 1 or not self.session.alive:
                break
            if self.session.run(
                f"Timeout {max(1, round(self.tactic_seconds))} 1: solve [{strategy}].", self.tactic_seconds
            ).ok:
                self.kept.append(f"solve [{strategy}].")
                self.holes.append(Hole(number, goal, lemma, failed, reply.error, strategy))
                return
            self.session.back_to(state)
        hole = Hole(number, goal, lemma, failed, reply.error)
        self.holes.append(hole)
        self.kept.append(_mark(hole))
        self.dirty = True
        if self.session.alive:
            self.session.run("admit.", 5.0)

    def _names(self) -> tuple[str, ...]:
        return order(self.statement)

    def _finish(self) -> None:
        """The end of a proof: what is still open becomes holes."""
        blank = Reply(False, "", self.session.state, True, 0.0)
        for _ in range(_MAX_HOLES):
            shown = self.session.run("Show.", 10.0)
            if not self.session.alive or "No more goals" in shown.output or not shown.ok:
                break
            suggested = _HINT.search(shown.output)
            if not self.session.goals():
                if suggested and self.session.run(suggested[1], 5.0).ok:
                    self.kept.append(suggested[1])
                    continue
                if self.session.run("}", 5.0).ok:
                    self.kept.append("}")
                    continue
                break
            self._hole("", blank)
        if not self.dirty and self.session.run("Qed.", 30.0).ok:
            self.kept.append("Qed.")
        else:
            self.session.run("Admitted.", 10.0)
            self.kept.append("Admitted.")

    def _lost(self, sentence: Sentence) -> None:
        self.notes.append(codes.CRASHED.warning("the session was lost", hint=sentence.text[:200]))
        self.dirty = True
        self.holes.append(Hole(len(self.holes) + 1, None, "", sentence.text, "the session was lost"))
        self.kept += [_mark(self.holes[-1]), "Admitted."]

    def _note(self, message: str, sentence: Sentence, offset: int) -> None:
        span = Span.at(self.candidate, offset + sentence.start, offset + sentence.end)
        self.notes.append(codes.MENDED.info(message, span=span))
