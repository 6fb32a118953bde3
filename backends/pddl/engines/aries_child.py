"""Runs inside the sandbox: PDDL to the protobuf that Aries reads.

Aries knows no real numbers, and PDDL's functions are all real. Where every number is whole, the types are
rewritten to integers; otherwise the task is not for Aries.
"""

from __future__ import annotations

import base64
import warnings

from quod.core.model import JsonDict, JsonValue

__all__ = ["serialize"]


def serialize(payload: JsonValue) -> JsonDict:
    """``{domain, problem}`` to ``{problem}`` (base64) or ``{unsupported}``."""
    import unified_planning.grpc.generated.unified_planning_pb2 as messages
    from pyparsing import ParseBaseException
    from unified_planning.exceptions import UPException
    from unified_planning.grpc.proto_writer import ProtobufWriter
    from unified_planning.io import PDDLReader
    from unified_planning.shortcuts import get_environment

    assert isinstance(payload, dict)
    warnings.simplefilter("ignore")
    environment = get_environment()
    environment.error_used_name = False
    try:
        problem = PDDLReader(environment).parse_problem_string(payload["domain"], payload["problem"])
        message = ProtobufWriter().convert(problem)
        _whole_numbers(message, messages.Atom)
    except (UPException, ParseBaseException, _NotWhole, AssertionError, NotImplementedError) as error:
        return {"unsupported": f"unified-planning: {error}"}
    return {"problem": base64.b64encode(message.SerializeToString()).decode()}


class _NotWhole(Exception):  # noqa: N818 - says why Aries is not asked
    """A number that is not whole."""


def _whole_numbers(message: object, atom: type) -> None:
    """Rewrite real types and numbers to integers, in place. Raises _NotWhole."""
    fields = message.ListFields()  # type: ignore[attr-defined]  # protobuf messages are untyped
    for field, value in list(fields):
        if field.type == field.TYPE_MESSAGE:
            for inner in [value] if hasattr(value, "ListFields") else list(value):
                if hasattr(inner, "ListFields"):
                    _whole_numbers(inner, atom)
        elif field.type == field.TYPE_STRING and isinstance(value, str) and value.startswith("up:real"):
            setattr(message, field.name, "up:integer")
    if isinstance(message, atom) and message.WhichOneof("content") == "real":  # type: ignore[attr-defined]
        number = message.real  # type: ignore[attr-defined]
        if number.numerator % number.denominator:
            raise _NotWhole(f"{number.numerator}/{number.denominator} is not a whole number")
        message.int = number.numerator // number.denominator  # type: ignore[attr-defined]
