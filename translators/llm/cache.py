"""A persistent cache of completions: a repeated evaluation costs nothing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from quod.core.errors import InfrastructureError
from quod.core.model import JsonDict
from quod.core.run import Run
from quod.translators.llm.client import (
    DEFAULT_MAX_TOKENS,
    ChatModel,
    Completion,
    Finish,
    Message,
    Usage,
    call_digest,
)

__all__ = ["Cached", "CompletionCache"]


class CompletionCache:
    """Completions by digest, in one SQLite file that processes may share."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS completions"
                " (digest TEXT PRIMARY KEY, model TEXT NOT NULL, completion TEXT NOT NULL,"
                " created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)"
            )
        except (OSError, sqlite3.Error) as error:
            raise InfrastructureError(f"cannot open the cache of model answers {path}: {error}") from None

    def get(self, digest: str) -> Completion | None:
        """What is stored under a digest; None also if it cannot be read."""
        try:
            with self._lock:
                row = self._db.execute("SELECT completion FROM completions WHERE digest = ?", (digest,)).fetchone()
            return Completion.model_validate_json(row[0]) if row else None
        except (sqlite3.Error, ValidationError):
            return None

    def put(self, digest: str, completion: Completion) -> None:
        """Store a completion. A cache that cannot be written is no reason to lose an answer."""
        try:
            with self._lock:
                self._db.execute(
                    "INSERT OR REPLACE INTO completions (digest, model, completion) VALUES (?, ?, ?)",
                    (digest, completion.model, completion.model_dump_json()),
                )
        except sqlite3.Error:
            return

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Cached:
    """Answers a call from the cache where it was asked before, of the same model at the same server."""

    def __init__(self, model: ChatModel, cache: CompletionCache, *, server: str) -> None:
        self.name = model.name
        self._model = model
        self._cache = cache
        self._key = f"{server} {model.name}"

    def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: JsonDict | None = None,
        grammar: str | None = None,
        temperature: float = 0.0,
        seed: int | None = None,
        max_tokens: int = DEFAULT_MAX_TOKENS,
        run: Run,
    ) -> Completion:
        """See :class:`.client.ChatModel`."""
        run.cancel.check()
        # free sampling is asked for when there is a temperature and no seed: never the same answer twice
        sampling = temperature > 0 and seed is None
        digest = call_digest(self._key, messages, schema, temperature, seed, max_tokens, grammar)
        stored = None if sampling else self._cache.get(digest)
        if stored is not None:
            return stored
        completion = self._model.complete(
            messages,
            schema=schema,
            grammar=grammar,
            temperature=temperature,
            seed=seed,
            max_tokens=max_tokens,
            run=run,
        )
        whole = completion.finish_reason is Finish.STOP and (schema is None or completion.parsed is not None)
        if whole and not sampling:
            self._cache.put(digest, completion.model_copy(update={"usage": Usage()}))
        return completion
