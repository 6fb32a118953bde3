"""Diagnostics: everything a person, a model or a repair is told goes through one.

A diagnostic can only be made from a registered :class:`Code`, so that every code a user meets is stable and
documented (``docs/diagnostics.md`` is generated from the register and kept true by a test)::

    UNKNOWN_SYMBOL = code("fol.unknown_symbol", "A formula uses a name that no declaration introduces.")
    ...
    UNKNOWN_SYMBOL.error("'Wumpus' is not declared", span=Span(line=3, column=9), hint="did you mean 'wumpus'?")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from quod.core.model import Frozen, JsonDict

__all__ = ["Code", "Diagnostic", "Severity", "Span", "code", "has_errors", "registered_codes"]


class Severity(StrEnum):
    """How much it matters: an error stops the stage that found it, a warning does not, info is a note."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Span(Frozen):
    """A stretch of a text. Lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int = Field(ge=1)
    column: int = Field(ge=1)
    end_line: int | None = None
    end_column: int | None = None

    @classmethod
    def at(cls, text: str, start: int, end: int | None = None) -> Span:
        """The span of ``text[start:end]``; offsets outside the text are clamped to it."""
        line, column = _line_column(text, start)
        if end is None:
            return cls(line=line, column=column)
        end_line, end_column = _line_column(text, end)
        return cls(line=line, column=column, end_line=end_line, end_column=end_column)

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


def _line_column(text: str, offset: int) -> tuple[int, int]:
    offset = max(0, min(offset, len(text)))
    before = text.rfind("\n", 0, offset)
    return text.count("\n", 0, offset) + 1, offset - before


class Diagnostic(Frozen):
    """One thing found wrong or worth knowing: what, where, and what to do."""

    code: str
    """Stable and documented, for instance ``fol.unknown_symbol``."""
    severity: Severity
    message: str
    """One or two sentences for a person, with the offending thing quoted."""
    span: Span | None = None
    """Where in the formal text (or in ``file``, if given)."""
    source: str | None = None
    """The words of the problem concerned."""
    hint: str | None = None
    """What to do about it."""
    file: str | None = None
    """The name of the context item concerned, if it is not the formal text itself."""
    data: JsonDict = Field(default_factory=dict)
    """Details for programs, for instance the candidates of a did-you-mean."""

    def __str__(self) -> str:
        where = f"{self.file}: " if self.file else ""
        if self.span:
            where += f"{self.span}: "
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.severity}: {self.message} [{self.code}]{hint}"


@dataclass(frozen=True)
class Code:
    """A registered kind of diagnostic. Make diagnostics with :meth:`error`, :meth:`warning`, :meth:`info`."""

    name: str
    meaning: str

    def error(self, message: str, **where: object) -> Diagnostic:
        """An error of this code; keyword arguments are the other fields of :class:`Diagnostic`."""
        return self._make(Severity.ERROR, message, where)

    def warning(self, message: str, **where: object) -> Diagnostic:
        """A warning of this code."""
        return self._make(Severity.WARNING, message, where)

    def info(self, message: str, **where: object) -> Diagnostic:
        """A note of this code."""
        return self._make(Severity.INFO, message, where)

    def _make(self, severity: Severity, message: str, where: dict[str, object]) -> Diagnostic:
        return Diagnostic.model_validate({"code": self.name, "severity": severity, "message": message, **where})


_register: dict[str, Code] = {}
_CODE = re.compile(r"[a-z]+(\.[a-z][a-z0-9_]*)+")


def code(name: str, meaning: str) -> Code:
    """Register a diagnostic code. ``name`` is dotted and lower case; registering one twice is a bug of ours."""
    if not _CODE.fullmatch(name):
        raise ValueError(f"{name!r} is not a diagnostic code")
    if name in _register and _register[name].meaning != meaning:
        raise ValueError(f"diagnostic code {name!r} is registered twice")
    return _register.setdefault(name, Code(name, meaning))


def registered_codes() -> dict[str, Code]:
    """Every code registered by the modules imported so far, by name."""
    return dict(sorted(_register.items()))


def has_errors(diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
