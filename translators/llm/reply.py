"""Reading a reply, from a server or pasted by a person: the formal text in it, and what the model said beside it.

What is found is data for a parser. A reply that claims to be verified, or that contains an answer, changes nothing.
"""

from __future__ import annotations

import json
import re

from quod.core.diagnostics import Diagnostic
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import Frozen, JsonDict, JsonValue
from quod.translators.llm import codes
from quod.translators.llm.broken_json import one_slip
from quod.translators.llm.prompting import LANGUAGES
from quod.translators.llm.sources import source_map
from quod.translators.llm.structured import find_json, schema_faults

__all__ = ["Reply", "read_reply"]

_FENCE = re.compile(
    r"(?:^|\n)[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:\n[ \t]*\1[ \t]*(?=\n|$)|\Z)", re.DOTALL
)
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_AMBIGUOUS = re.compile(r"^[ \t>*_]*AMBIGUOUS[*_]*:[*_]*[ \t]*(\S.*)$", re.MULTILINE)
_UNSUITABLE = re.compile(r"^[ \t>*_]*UNSUITABLE[*_]*:[*_]*[ \t]*(\S.*)$", re.MULTILINE)
_LABELS = {
    Formalism.FOL: {"fol", "quod-fol", "quod", "logic", "text", "plaintext", ""},
    Formalism.PDDL: {"pddl", "lisp", "scheme", "clojure", "text", "plaintext", ""},
    Formalism.LEAN: {"lean", "lean4", "text", ""},
    Formalism.ROCQ: {"coq", "rocq", "v", "text", ""},
}
_LINES = re.MULTILINE | re.IGNORECASE
_LOOKS_LIKE = {
    Formalism.FOL: re.compile(r"^\s*(premises|question|predicates|options|find|conclusion)\s*:", _LINES),
    Formalism.PDDL: re.compile(r"\(\s*define\b", re.IGNORECASE),
    Formalism.LEAN: re.compile(r"^\s*(theorem|lemma|example|def)\b", re.MULTILINE),
    Formalism.ROCQ: re.compile(r"^\s*(Theorem|Lemma|Example|Goal|Definition)\b", re.MULTILINE),
}
_FOL_START = re.compile(
    r"^[ \t]*(sorts|constants|functions|predicates|tables|premises)[ \t]*:[ \t]*(?:#.*)?$", re.MULTILINE | re.IGNORECASE
)
_SMT = re.compile(r"^[ \t]*\((?:set-logic|declare-\w+|define-\w+|assert)\b", re.MULTILINE)
_MAX_REPLY = 1_000_000


class Reply(Frozen):
    """What a reply comes to."""

    formalization: Formalization | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    question: str | None = None
    """What the model would ask the person."""
    why: str = ""
    """Why there is no formalization, in words for the model."""


def read_reply(
    text: str,
    formalism: Formalism,
    problem_text: str = "",
    *,
    schema: JsonDict | None = None,
    parsed: JsonValue = None,
) -> Reply:
    """The formal text in a reply: fenced, bare, amid prose, or already parsed from JSON.

    ``problem_text`` is needed to say where its words are found. Never raises for what the reply says.
    """
    text = _THINKING.sub("", text[:_MAX_REPLY]).replace("\r\n", "\n")
    question = _line(_AMBIGUOUS, text)
    notes: tuple[Diagnostic, ...] = ()
    if question:
        notes = (codes.AMBIGUOUS.warning(f"the text can be read in two ways: {question}", hint="say which is meant"),)
    if formalism is Formalism.MILP:
        formal, faults = _json(text, schema, parsed)
        notes += faults
    else:
        formal = _block(text, formalism)
    language = LANGUAGES[formalism]
    if not formal and formalism is Formalism.FOL and (formal := _script(text)):
        language = "smtlib2"
    if not formal:
        reason = _line(_UNSUITABLE, text)
        if reason:
            said = codes.MALFORMED.error(f"the model says that the problem does not fit {formalism}: {reason}")
            return Reply(diagnostics=(said,), question=None, why="")
        said = codes.MALFORMED.error("no formal text was found in the model's answer", data={"reply": text[:500]})
        return Reply(diagnostics=(said,), why="It needs one fenced code block.")
    formalization = Formalization(formalism=formalism, text=formal, language=language)
    links = source_map(formalization, problem_text)
    return Reply(
        formalization=formalization.model_copy(update={"source_map": links}), diagnostics=notes, question=question
    )


def _line(pattern: re.Pattern[str], text: str) -> str | None:
    # models quote the rule itself while thinking aloud; the last such line is the one they mean
    found = pattern.findall(text)
    return found[-1].strip(" *_`")[:500] if found else None


def _json(text: str, schema: JsonDict | None, parsed: JsonValue) -> tuple[str, tuple[Diagnostic, ...]]:
    value = parsed if parsed is not None else find_json(text)
    notes: tuple[Diagnostic, ...] = ()
    if schema is not None and parsed is None and (not _is_model(value) or schema_faults(value, schema, limit=1)):
        # what was found may be the inside of an object whose brace is missing
        slipped, notes = _slipped(text, schema)
        value = value if slipped is None else slipped
    if not isinstance(value, dict):
        return "", ()
    # an envelope that some models add
    if len(value) == 1:
        (inner,) = value.values()
        if isinstance(inner, dict) and ("variables" in inner or "constraints" in inner):
            value = inner
    if not _is_model(value):
        return "", ()
    faults = schema_faults(value, schema) if schema is not None else []
    told = tuple(codes.WRONG_SCHEMA.warning(f"the model's JSON departs from the schema at {fault}") for fault in faults)
    return json.dumps(value, ensure_ascii=False, indent=2), (*notes, *told)


def _is_model(value: JsonValue) -> bool:
    """Whether it has a part that every model has, by itself or in an envelope."""
    if not isinstance(value, dict):
        return False
    (inner,) = value.values() if len(value) == 1 else (None,)
    return any({"variables", "constraints", "objective"} & v.keys() for v in (value, inner) if isinstance(v, dict))


def _slipped(text: str, schema: JsonDict) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    """The JSON of an answer in which one mark is missing or too many."""
    fenced = [body for _, _, body in _FENCE.findall(text)]
    start = text.find("{")
    for body in (*reversed(fenced), text[start : text.rfind("}") + 1] if start >= 0 else ""):
        slip = one_slip(body, lambda value: not schema_faults(value, schema, limit=1))
        if slip is not None:
            return find_json(slip[0]), (codes.MENDED_JSON.info(slip[1]),)
    return None, ()


def _block(text: str, formalism: Formalism) -> str:
    labels, looks = _LABELS[formalism], _LOOKS_LIKE[formalism]
    fenced: list[tuple[str, str]] = [(label.lower(), body) for _, label, body in _FENCE.findall(text)]
    likely = [body for label, body in fenced if label in labels and looks.search(body)]
    if formalism is Formalism.PDDL and len(likely) > 1:
        # the domain in one block and the problem in another: both, each kind's last
        return _latest_definitions(likely)
    likely = likely or [body for _, body in fenced if looks.search(body)]
    if likely:
        return likely[-1].strip("\n") + "\n"
    return _bare(text, formalism)


def _script(text: str) -> str:
    """An SMT-LIB script: what a problem of numbers may be written in instead."""
    likely = [body for _, _, body in _FENCE.findall(text) if _SMT.search(body) and "(assert" in body]
    return likely[-1].strip("\n") + "\n" if likely else ""


def _latest_definitions(blocks: list[str]) -> str:
    latest: dict[str, str] = {}
    for block in blocks:
        kinds = re.findall(r"\(\s*define\s*\(\s*(domain|problem)\b", block, re.IGNORECASE)
        if len(set(kinds)) > 1:
            latest = {"both": block}
        for kind in set(kinds) if len(set(kinds)) == 1 else ():
            latest[kind.lower()] = block
            latest.pop("both", None)
    return "\n\n".join(latest[k].strip("\n") for k in ("both", "domain", "problem") if k in latest) + "\n"


def _bare(text: str, formalism: Formalism) -> str:
    """A formal text that nobody fenced: from where it begins; PDDL also to where it ends."""
    if formalism is Formalism.PDDL:
        start, end = _LOOKS_LIKE[formalism].search(text), text.rfind(")")
        return text[start.start() : end + 1] + "\n" if start and end > start.start() else ""
    if formalism is Formalism.FOL:
        start = _FOL_START.search(text)
        if start is None:
            return ""
        body = text[start.start() :]
        for pattern in (_AMBIGUOUS, _UNSUITABLE):
            body = pattern.sub("", body)
        return body.strip("\n") + "\n"
    match = _LOOKS_LIKE[formalism].search(text)
    return text[match.start() :].strip() + "\n" if match else ""
