"""The error tree. Whatever quod raises on purpose is a :class:`QuodError` with a stable code.

Engines that fail do not raise: they become verdicts. These errors are for input that cannot be read and for
infrastructure that is not there.
"""

from __future__ import annotations

from quod.core.diagnostics import Diagnostic

__all__ = ["Cancelled", "InfrastructureError", "InputError", "ModelError", "NotFoundError", "QuodError"]


class QuodError(Exception):
    """Root of the tree. ``code`` is stable; ``retryable`` says whether the same call may succeed later."""

    code: str = "quod.error"
    retryable: bool = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        hint: str | None = None,
        retryable: bool | None = None,
        diagnostics: tuple[Diagnostic, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.diagnostics = diagnostics
        if code is not None:
            self.code = code
        if retryable is not None:
            self.retryable = retryable


class InputError(QuodError):
    """What was handed in cannot be used as it is: the caller must change it."""

    code = "input.invalid"


class NotFoundError(InputError):
    """A job, key or file that is not there."""

    code = "input.not_found"


class InfrastructureError(QuodError):
    """Something quod depends on is missing or down: an engine, the store, the broker, a model server."""

    code = "infrastructure.unavailable"
    retryable = True


class ModelError(InfrastructureError):
    """A language model that could not be reached, refused, or answered something unusable."""

    code = "model.failed"


class Cancelled(QuodError):  # noqa: N818 - it is not an error of anyone's
    """The person asked for the work to stop."""

    code = "job.cancelled"
