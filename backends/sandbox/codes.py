"""The diagnostic codes of the sandbox."""

from __future__ import annotations

from quod.backends.sandbox.layers import Layer
from quod.core.diagnostics import Diagnostic, code

__all__ = ["LAYER_MISSING", "NOT_INSTALLED", "NOT_STARTED", "REFUSED", "SESSION_ENDED", "missing_layers"]

NOT_INSTALLED = code("sandbox.not_installed", "A program that was to be run is not installed, or not on the PATH.")
NOT_STARTED = code("sandbox.not_started", "The process that runs a family of engines could not be started.")
REFUSED = code(
    "sandbox.refused",
    "QUOD_SANDBOX=require is set and engines cannot be kept from the network and from files here.",
)
SESSION_ENDED = code("sandbox.session_ended", "An interactive program has ended: by itself, or killed at a limit.")
LAYER_MISSING = code("sandbox.layer_missing", "A layer of the sandbox is not active here; the message says why.")


def missing_layers(layers: list[Layer]) -> tuple[Diagnostic, ...]:
    """A warning for each layer that is not active, for ``quod doctor``."""
    return tuple(
        LAYER_MISSING.warning(f"the sandbox layer '{layer.name}' is not active: {layer.note}")
        for layer in layers
        if not layer.active
    )
