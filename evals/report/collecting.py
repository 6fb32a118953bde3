"""What the page shows of runs, taken in one record at a time: the list's index, and the details in gzipped chunks."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from quod.core.plain import plain
from quod.evals.runner import RowResult
from quod.evals.runs import Record, RunFolder
from quod.evals.scores import Scores

__all__ = ["Collected"]

_OUTCOMES = ["right", "wrong", "abstained", "error"]
_PER_CHUNK = 100
_ALL_DETAILS = 24_000_000
"""Bytes of details before compression, over all rows."""
_MOST_COMPRESSED = 17_000_000
_LEAST, _MOST = 1_200, 80_000
"""Bytes of details of one row."""


class _Names:
    """Strings numbered as they come; 0 is the empty one."""

    def __init__(self, *first: str) -> None:
        self.list = list(first) or [""]
        self._at = {name: i for i, name in enumerate(self.list)}

    def number(self, name: str) -> int:
        """The number of a string."""
        if name not in self._at:
            self._at[name] = len(self.list)
            self.list.append(name)
        return self._at[name]


class Collected:
    """Everything the page needs, taken in one record at a time."""

    def __init__(self, runs: list[RunFolder]) -> None:
        self.runs = runs
        self.scores = [Scores() for _ in runs]
        self.rows: list[list[Any]] = []
        self.categories, self.conclusions, self.assurances = _Names(), _Names(), _Names()
        self.pace: list[list[float]] = [[] for _ in runs]
        """Seconds of the samples that were right."""
        self.chunks: list[str] = []
        self.dropped = 0
        self._pending: list[dict[str, Any]] = []
        self._compressed = 0

    def read(self) -> None:
        """Read every run."""
        total = sum(1 for run in self.runs for _ in run.records())
        share = min(_MOST, max(_LEAST, _ALL_DETAILS // max(1, total)))
        for number, run in enumerate(self.runs):
            for record in run.records():
                result = RowResult.from_json(record.result)
                self.scores[number].add(result)
                if result.outcome == "right":
                    self.pace[number].append(result.seconds)
                self.rows.append(self._row(number, record, result))
                # what went wrong is what people open: it gets more room
                self._add(_details(record, result, min(_MOST, share * (3 if result.outcome == "wrong" else 1))))
        self._flush()

    def _row(self, run: int, record: Record, result: RowResult) -> list[Any]:
        return [
            run,
            plain(record.row),
            record.sample,
            _OUTCOMES.index(result.outcome),
            int(result.verified),
            self.categories.number(plain(result.category)),
            self.conclusions.number(result.conclusion),
            self.assurances.number(result.assurance),
            round(result.seconds, 3),
            result.attempts,
            _short(result.expected, 60),
            _short(result.got, 60),
            _short(record.text, 160),
            _short(result.known_bad, 200),
        ]

    def _add(self, details: dict[str, Any]) -> None:
        if self._compressed > _MOST_COMPRESSED:
            self.dropped += 1
            details = {"text": "", "note": "", "answers": [], "cost": details["cost"], "cut": True}
        self._pending.append(details)
        if len(self._pending) == _PER_CHUNK:
            self._flush()

    def _flush(self) -> None:
        if self._pending:
            raw = json.dumps(self._pending, ensure_ascii=False, separators=(",", ":")).encode()
            chunk = base64.b64encode(gzip.compress(raw, 6, mtime=0)).decode()
            self.chunks.append(chunk)
            self._compressed += len(chunk)
            self._pending = []

    def index(self) -> dict[str, Any]:
        """What the list of problems is drawn from."""
        return {
            "outcomes": _OUTCOMES,
            "categories": self.categories.list,
            "conclusions": self.conclusions.list,
            "assurances": self.assurances.list,
            "runs": [run.path.name for run in self.runs],
            "perChunk": _PER_CHUNK,
            "rows": self.rows,
        }


def _short(text: str, limit: int) -> str:
    text = plain(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


_KEPT = ("status", "statement", "conclusion", "answer", "assurance", "claims", "question")


def _details(record: Record, result: RowResult, limit: int) -> dict[str, Any]:
    """What the page of a problem shows, cut to about ``limit`` bytes of JSON."""
    answers = [_answer(answer) for answer in record.answers if isinstance(answer, dict)]
    cost: dict[str, object] = {
        "seconds": round(result.seconds, 3),
        "engine seconds": round(result.engine_seconds, 3),
        **{stage: round(spent, 3) for stage, spent in result.stages.items()},
        "attempts": result.attempts,
    }
    if result.model_calls:
        cost |= {"model calls": result.model_calls, "tokens": result.tokens, "money": result.money}
    details: dict[str, Any] = {"text": plain(record.text), "note": plain(result.note), "answers": answers, "cost": cost}
    for step in _CUTS:
        if len(json.dumps(details, ensure_ascii=False)) <= limit:
            return details
        details["cut"] = True
        step(details, limit)
    return details


def _answer(raw: dict[str, Any]) -> dict[str, Any]:
    answer = {key: raw.get(key) for key in _KEPT}
    answer["data"] = {key: value for key, value in (raw.get("data") or {}).items() if key in {"plan", "cost", "proof"}}
    formal = raw.get("formalization") or {}
    answer["formalization"] = {"text": formal.get("text", ""), "language": formal.get("language", "")}
    answer["diagnostics"] = [_diagnostic(d) for d in raw.get("diagnostics") or []]
    faithfulness = raw.get("faithfulness") or {}
    answer["faithfulness"] = {"level": faithfulness.get("level", "unchecked"), "note": faithfulness.get("note", "")}
    certificate = raw.get("certificate")
    if certificate:
        answer["certificate"] = {key: certificate.get(key) for key in ("kind", "checker", "accepted", "payload")}
    answer["attempts"] = [_attempt(a) for a in raw.get("attempts") or []]
    return answer


def _attempt(raw: dict[str, Any]) -> dict[str, Any]:
    formal = raw.get("formalization") or {}
    return {
        **{key: raw.get(key) for key in ("number", "parent", "strategy", "assurance", "seconds", "diff")},
        "verdict": {"conclusion": raw["verdict"]["conclusion"]} if raw.get("verdict") else None,
        "diagnostics": [_diagnostic(d) for d in raw.get("diagnostics") or []],
        "formalization": {"text": formal.get("text", ""), "language": formal.get("language", "")},
    }


def _diagnostic(raw: dict[str, Any]) -> dict[str, Any]:
    kept = {key: raw[key] for key in ("code", "severity", "message", "source", "hint") if raw.get(key)}
    if raw.get("span"):
        kept["span"] = {"line": raw["span"]["line"], "column": raw["span"]["column"]}
    return kept


def _cut_evidence(details: dict[str, Any], limit: int) -> None:  # noqa: ARG001
    for answer in details["answers"]:
        if answer.get("certificate"):
            answer["certificate"]["payload"] = None
        for attempt in answer["attempts"]:
            attempt["diff"], attempt["formalization"] = "", {}


def _cut_attempts(details: dict[str, Any], limit: int) -> None:
    for answer in details["answers"]:
        answer["claims"] = (answer["claims"] or [])[:3]
        answer["diagnostics"] = answer["diagnostics"][:3]
        for attempt in answer["attempts"]:
            attempt["diagnostics"] = []
        text = answer["formalization"]["text"]
        answer["formalization"]["text"] = _short(text, limit // 3) if len(text) > limit // 3 else text
    details["text"] = _short(details["text"], limit // 3) if len(details["text"]) > limit // 3 else details["text"]


def _cut_all(details: dict[str, Any], limit: int) -> None:
    details["text"] = _short(details["text"], 300)
    for answer in details["answers"]:
        answer["attempts"] = answer["attempts"][:3]
        answer["diagnostics"], answer["data"], answer["claims"] = [], {}, []
        answer["formalization"]["text"] = _short(answer["formalization"]["text"], limit // 6)
        answer["answer"] = _short(answer["answer"] or "", 200)


_CUTS = (_cut_evidence, _cut_attempts, _cut_all)
