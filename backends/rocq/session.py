"""A live Rocq: coqtop with numbered prompts, one sentence at a time, backtracking by state number.

What a session prints is for search only: a hostile sentence can print anything, so no verdict rests on it. Final
verdicts come from :mod:`quod.backends.rocq.checker`.
"""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass

from quod.backends.itp.types import Goal, Hypothesis
from quod.backends.rocq.messages import classify
from quod.backends.rocq.programs import READ_PATHS, toplevel
from quod.backends.rocq.sentences import split, strip_comments
from quod.backends.sandbox import Ended, Limits, Session, SessionEnded
from quod.core.diagnostics import Code
from quod.core.errors import InfrastructureError

__all__ = ["HeaderRejectedError", "Reply", "RocqSession", "parse_goals"]

_PROMPT = re.compile(rb"<prompt>[^<\n]* < (\d+) \|([^|\n]*)\| (\d+) < </prompt>\s*\Z")
_NOISE = re.compile(r"<infomsg>.*?</infomsg>\n?", re.DOTALL)
_ERROR = re.compile(r"^(?:Error|Anomaly|Syntax error|Fatal error)\b.*", re.MULTILINE | re.DOTALL)
_TIMED_OUT = re.compile(r"Tactic timeout|Timeout!")
_GRACE = 2.0
"""Seconds past its limit before a tactic that ignores Rocq's own timer costs the session its life."""


class HeaderRejectedError(InfrastructureError):
    """Rocq refuses a sentence of the header, so no session can be opened for it."""

    code = "rocq.statement_fails"
    retryable = False


@dataclass(frozen=True)
class Reply:
    """What came of one sentence."""

    ok: bool
    output: str
    """What was printed, without prompts."""
    state: int
    """The number of the state afterwards; unchanged after a failure."""
    open_proof: bool
    seconds: float
    timed_out: bool = False

    @property
    def error(self) -> str:
        """The error message; empty on success."""
        match = None if self.ok else _ERROR.search(self.output)
        return re.sub(r"^Error:\s*", "", match.group()).strip() if match else ""

    @property
    def kind(self) -> Code | None:
        """The kind of the error."""
        return None if self.ok else classify(self.error or self.output)

    @property
    def finished(self) -> bool:
        """Whether the sentence closed the last goal."""
        return self.ok and "No more goals." in self.output


class RocqSession:
    """One coqtop with a header loaded. Not for several threads at once. ``reset`` goes back to after the header."""

    def __init__(self, header: str, *, limits: Limits | None = None, header_seconds: float = 60.0) -> None:
        """Start and load ``header``. Raises HeaderRejectedError, or InfrastructureError when there is no coqtop."""
        self._session = Session(toplevel(), limits=limits or Limits(wall=3600, memory_mb=4096), read_paths=READ_PATHS)
        self.state = 0
        try:
            self._read(30.0)
            for sentence in split(header):
                reply = self.run(sentence.text, header_seconds)
                if not reply.ok:
                    raise HeaderRejectedError(f"Rocq rejects the header: {reply.error or reply.output}"[:600])
        except (SessionEnded, TimeoutError) as error:
            self.close()
            raise InfrastructureError(f"coqtop did not start: {error}") from error
        except BaseException:
            self.close()
            raise
        self.base = self.state

    @property
    def alive(self) -> bool:
        """Whether coqtop runs."""
        return self._session.alive

    @property
    def pid(self) -> int | None:
        """The program's process id."""
        return self._session.pid

    @property
    def rss_mb(self) -> float:
        """MiB of resident memory of its process group."""
        return self._session.rss_mb

    def run(self, sentence: str, seconds: float) -> Reply:
        """One sentence, which must have its full stop (or be a bullet or brace).

        A tactic that passes ``seconds`` is stopped by Rocq's own timer where it listens; a session that does not answer
        is killed, and the reply says so (``alive`` is then False). Never raises for what the sentence does.
        """
        text = " ".join(strip_comments(sentence).split())
        started = time.monotonic()
        try:
            self._session.write(text.encode() + b"\n")
            output = self._read(seconds + _GRACE)
        except TimeoutError:
            self._session.kill()
            return Reply(False, "Error: no answer in time", self.state, False, time.monotonic() - started, True)
        except SessionEnded as error:
            late = error.ended is Ended.TIMEOUT
            return Reply(False, f"Error: {error}", self.state, False, time.monotonic() - started, late)
        ok = not _ERROR.search(output)
        taken = time.monotonic() - started
        return Reply(ok, output, self.state, self._open, taken, not ok and bool(_TIMED_OUT.search(output)))

    def tactic(self, tactic: str, seconds: float) -> Reply:
        """A tactic under a time limit of whole seconds, at least one."""
        limit = max(1, round(seconds))
        return self.run(f"Timeout {limit} {tactic.rstrip().rstrip('.')}.", limit)

    def back_to(self, state: int) -> bool:
        """Back to an earlier state; False if the session is lost."""
        if state == self.state:
            return self.alive
        return self.alive and self.run(f"BackTo {state}.", 20.0).ok

    def reset(self) -> bool:
        """Back to the state after the header."""
        return self.back_to(self.base)

    def goals(self) -> tuple[Goal, ...]:
        """The goals in focus, each with its context."""
        first = self.run("Show.", 20.0)
        count = re.match(r"\s*(\d+) goals?\b|\s*(\d+) focused", first.output)
        number = int((count[1] or count[2]) if count else 0)
        texts = [self.run(f"Show {i}.", 20.0).output for i in range(1, min(number, 32) + 1)]
        return tuple(goal for text in texts for goal in parse_goals(text))

    def close(self) -> None:
        """End it."""
        self._session.close()

    def _read(self, timeout: float) -> str:
        data = self._session.read_until(_prompt_end, timeout)
        match = _PROMPT.search(data)
        assert match is not None
        self.state = int(match[1])
        self._open = bool(match[2])
        return _NOISE.sub("", data[: match.start()].decode(errors="replace"))


def _prompt_end(data: bytes) -> int:
    """How many bytes to take: up to the prompt, if the unread output ends with one."""
    return len(data) if data.rstrip().endswith(b"</prompt>") and _PROMPT.search(data[-400:]) else 0


_RULE = re.compile(r"^[ \t]*={10,}[ \t]*(?:\(.*\))?$", re.MULTILINE)
_NAMES = re.compile(r"^\s{0,4}((?:[^\W\d][\w']*)(?:\s*,\s*[^\W\d][\w']*)*)\s*(:=|:)\s*(.*)$")


def parse_goals(output: str) -> tuple[Goal, ...]:
    """The goals that Rocq printed with their contexts (goals it printed without one are left out)."""
    goals: list[Goal] = []
    parts = _RULE.split(output)
    for context, after in itertools.pairwise(parts):
        conclusion = re.split(r"\n\s*\n|\ngoal \d+", after)[0]
        hypotheses: list[Hypothesis] = []
        current: list[str] = []
        for line in [*context.splitlines(), ""]:
            match = _NAMES.match(line)
            if match or not line.strip() or re.match(r"\s*(\d+ (focused )?goals?|goal \d+)", line):
                if current:
                    hypotheses.append(_hypothesis(" ".join(current)))
                current = [line.strip()] if match else []
            elif current:
                current.append(line.strip())
        text = " ".join(conclusion.split())
        goals.append(Goal(tuple(hypotheses), text, output))
    return tuple(goals)


def _hypothesis(text: str) -> Hypothesis:
    match = _NAMES.match(text)
    assert match is not None
    names = tuple(name.strip() for name in match[1].split(","))
    if match[2] == ":=":
        value, _, of_type = match[3].rpartition(" : ")
        return Hypothesis(names, of_type, value or match[3])
    return Hypothesis(names, match[3])
