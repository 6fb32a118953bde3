"""The judge of Rocq proofs: compile from scratch, pin, audit, and check again with coqchk.

Three files, so that a candidate never touches what it is judged by:

- ``Statement.v`` holds the trusted header and the trusted statement, admitted;
- ``Candidate.v`` holds the candidate (compiled alone, where ``Statement`` does not exist);
- ``Pin.v`` requires both, without importing either, and defines a constant whose type is the kernel's type of
  ``Statement.name`` and whose body is ``Candidate.name``. Nothing is parsed again, so notations, scopes, coercions and
  instances of the candidate cannot change what is compared.

Then ``Print Assumptions`` on the pin, and ``coqchk -norec -o`` on candidate and pin with every section of its summary
read. A header that declares something generative (an axiom, an inductive type) goes into a fourth file, ``Header.v``,
that both sides require: copies of such things would not be the same thing.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from quod.backends.itp.types import CheatKind, FileCheck, Outcome, Statement
from quod.backends.rocq import codes
from quod.backends.rocq.axioms import is_allowed, parse_assumptions, parse_summary
from quod.backends.rocq.commands import ASSUMING, check_commands, is_hole
from quod.backends.rocq.messages import parse_coqc
from quod.backends.rocq.programs import ARGUMENTS, READ_PATHS
from quod.backends.rocq.sentences import split
from quod.backends.rocq.statement import read_statement
from quod.backends.sandbox import Ended, Limits, ProgramResult, run_program
from quod.core.diagnostics import Diagnostic, Severity
from quod.core.run import Cancel

__all__ = ["Checker", "coqc", "header_axioms", "strip_header"]

_IMPORTING = {"Require", "From", "Import", "Export", "Open", "Local", "Set", "Unset"}
_GENERATIVE = {"Inductive", "CoInductive", "Variant", "Record", "Structure", "Class"} | ASSUMING
_CHK = "coqc {args} Pin.v && coqchk -silent -o -Q . Quod -norec Quod.Candidate -norec Quod.Pin"


def coqc(text: str, limits: Limits, cancel: Cancel | None = None) -> ProgramResult:
    """Compile one text alone in the sandbox, as ``Check.v``."""
    return run_program(
        ["coqc", *ARGUMENTS, "Check.v"],
        files={"Check.v": text.encode()},
        limits=limits,
        cancel=cancel,
        read_paths=READ_PATHS,
    )


def header_axioms(header: str) -> tuple[str, ...]:
    """Names that a header assumes: its axioms and parameters, and its admitted lemmas."""
    names: list[str] = []
    stated = ""
    for sentence in split(header):
        words = sentence.words
        if not words:
            continue
        if words[0] in ASSUMING and len(words) > 1:
            names += [w for w in words[1 : _colon(sentence.bare)] if w]
        elif words[0] == "Admitted":
            names.append(stated)
        elif len(words) > 1 and words[0][0].isupper() and words[0] != "Proof":
            stated = words[1]
    return tuple(name for name in names if name)


def _colon(bare: str) -> int:
    """How many leading words stand before the first colon."""
    return len(bare.split(":", 1)[0].split())


@dataclass(frozen=True)
class _Trusted:
    """A compiled statement: what a candidate is compared with."""

    files: dict[str, bytes]
    """``Statement.vo`` and, where needed, ``Header.vo``."""
    prelude: str
    """What replaces the header in a candidate: the header itself, or the imports and ``Require Import Quod.Header``."""
    diagnostics: tuple[Diagnostic, ...] = ()
    ended: ProgramResult | None = None
    """Set if the statement did not compile."""
    assumed: frozenset[str] = field(default_factory=frozenset)


class Checker:
    """Checks candidates against pinned statements. Safe for many threads; compiled statements are kept (up to 64)."""

    def __init__(self, *, allow_list: bool = True) -> None:
        """``allow_list=False`` leaves the first line of defence out, to test the others alone; never for real use."""
        self._allow_list = allow_list
        self._trusted: OrderedDict[str, _Trusted] = OrderedDict()
        self._lock = threading.Lock()

    def statement_compiles(self, statement: Statement, limits: Limits, cancel: Cancel | None = None) -> FileCheck:
        """Whether the statement itself is well formed: outcome INCOMPLETE if so, ERROR with diagnostics if not."""
        trusted = self._compiled(statement, limits, cancel)
        if trusted.ended is None:
            return FileCheck(Outcome.INCOMPLETE, trusted.diagnostics)
        return FileCheck(_outcome_of(trusted.ended), trusted.diagnostics, seconds=trusted.ended.seconds)

    def check(self, statement: Statement, candidate: str, limits: Limits, cancel: Cancel | None = None) -> FileCheck:
        """Whether ``candidate``, a whole file, proves ``statement``: compiled from scratch, pinned and audited.

        ``limits.wall`` bounds each of the three stages.
        """
        started = time.monotonic()
        stages: dict[str, float] = {}
        body, offset = strip_header(candidate, statement.header)
        cheats = check_commands(body, offset=offset, whole=candidate) if self._allow_list else ()
        if cheats:
            kind = cheats[0][0]
            outcome = (
                Outcome.INCOMPLETE if kind is CheatKind.HOLE and _only_main_hole(body, statement) else Outcome.CHEAT
            )
            found = tuple(d for _, d in cheats)
            if outcome is Outcome.INCOMPLETE:
                found = (codes.INCOMPLETE.error("the proof is left open", span=found[0].span),)
            return FileCheck(outcome, found, cheat=None if outcome is Outcome.INCOMPLETE else kind)
        trusted = self._compiled(statement, limits, cancel)
        stages["statement"] = time.monotonic() - started
        if trusted.ended is not None:
            return FileCheck(_outcome_of(trusted.ended), trusted.diagnostics, stages=stages)
        text = trusted.prelude + body if offset else candidate
        shift = len(candidate) - len(body) - len(trusted.prelude) if offset else 0
        headers = {name: data for name, data in trusted.files.items() if name == "Header.vo"}
        built = run_program(
            ["coqc", *ARGUMENTS, "Candidate.v"],
            files={"Candidate.v": text.encode(), **headers},
            limits=limits,
            collect=("Candidate.vo",),
            cancel=cancel,
            read_paths=READ_PATHS,
        )
        stages["compile"] = built.seconds
        common = {"seconds": 0.0, "stages": stages, "peak_mb": built.peak_mb}
        if built.ended is not Ended.OK or built.returncode != 0 or "Candidate.vo" not in built.files:
            outcome, diagnostics = _failure(built, candidate if offset == 0 or shift == 0 else text)
            return replace(FileCheck(outcome, diagnostics, **common), seconds=time.monotonic() - started)  # type: ignore[arg-type]  # a plain dict of the fields
        judged = self._pin(statement, trusted, built.files["Candidate.vo"], limits, cancel)
        stages["pin"] = judged.seconds
        return replace(judged, stages=stages, seconds=time.monotonic() - started, peak_mb=built.peak_mb)

    def convertible(
        self, statement: Statement, other: str, name: str, limits: Limits, cancel: Cancel | None = None
    ) -> bool:
        """Whether the kernel takes what ``name`` states in the file ``other`` for what ``statement`` states."""
        trusted = self._compiled(statement, limits, cancel)
        if trusted.ended is not None or check_commands(other.replace("Admitted.", "")):
            return False
        pin = (
            "Require Quod.Statement.\nRequire Quod.Candidate.\n"
            f"Definition quod_same : ltac:(let t := type of @Quod.Statement.{statement.name} in exact t)\n"
            f"  := @Quod.Candidate.{name}.\n"
        )
        arguments = " ".join(ARGUMENTS)
        result = run_program(
            ["sh", "-c", f"coqc {arguments} Candidate.v && coqc {arguments} Pin.v"],
            files={"Pin.v": pin.encode(), "Candidate.v": other.encode(), **trusted.files},
            limits=limits,
            cancel=cancel,
            read_paths=READ_PATHS,
        )
        return result.ended is Ended.OK and result.returncode == 0

    def _compiled(self, statement: Statement, limits: Limits, cancel: Cancel | None) -> _Trusted:
        key = hashlib.sha256(statement.source.encode()).hexdigest()
        with self._lock:
            if key in self._trusted:
                self._trusted.move_to_end(key)
                return self._trusted[key]
        trusted = _compile_statement(statement, limits, cancel)
        if trusted.ended is None or trusted.ended.ended is Ended.OK:
            with self._lock:
                self._trusted[key] = trusted
                while len(self._trusted) > 64:
                    self._trusted.popitem(last=False)
        return trusted

    def _pin(
        self, statement: Statement, trusted: _Trusted, candidate: bytes, limits: Limits, cancel: Cancel | None
    ) -> FileCheck:
        name = statement.name
        pin = (
            "Require Quod.Statement.\nRequire Quod.Candidate.\n"
            f"Definition quod_pin : ltac:(let t := type of @Quod.Statement.{name} in exact t)\n"
            f"  := @Quod.Candidate.{name}.\n"
            "Print Assumptions quod_pin.\n"
        )
        result = run_program(
            ["sh", "-c", _CHK.format(args=" ".join(ARGUMENTS))],
            files={"Pin.v": pin.encode(), "Candidate.vo": candidate, **trusted.files},
            limits=limits,
            cancel=cancel,
            read_paths=READ_PATHS,
        )
        output = result.stdout.decode(errors="replace")
        errors = result.stderr.decode(errors="replace")
        if result.ended is not Ended.OK:
            outcome, diagnostics = _failure(result, "")
            return FileCheck(outcome, diagnostics, seconds=result.seconds)
        if result.returncode != 0:
            if "Pin.v" in errors:
                message = parse_coqc(errors)
                missing = any("not found" in m.text for m in message)
                what = f"it does not state '{name}'" if missing else f"its '{name}' states something else"
                detail = message[0].text[:600] if message else errors[-600:]
                found = codes.CHEAT_STATEMENT.error(
                    f"the candidate does not prove the pinned statement: {what}", hint=detail
                )
                return FileCheck(Outcome.CHEAT, (found,), cheat=CheatKind.STATEMENT, seconds=result.seconds)
            found = codes.CRASHED.error("coqchk did not accept the compiled proof", hint=(errors + output)[-600:])
            return FileCheck(Outcome.ERROR, (found,), seconds=result.seconds)
        return replace(_audit(output, errors, trusted.assumed), seconds=result.seconds)


def _audit(assumptions: str, summary: str, assumed: frozenset[str]) -> FileCheck:
    """Judge what the pin rests on. Printed names are resolved against the full names in coqchk's summary."""
    printed = parse_assumptions(assumptions)
    checked = parse_summary(summary)
    if checked is None:
        return FileCheck(Outcome.CRASHED, (codes.CRASHED.error("coqchk's summary could not be read"),))
    unsafe = [*printed.unsafe, *(f"{heading}: {', '.join(names)}" for heading, names in checked.unsafe.items())]
    if unsafe:
        found = codes.CHEAT_UNSOUND.error(
            "the proof rests on a check that was switched off: " + "; ".join(unsafe)[:600]
        )
        return FileCheck(Outcome.CHEAT, (found,), cheat=CheatKind.UNSOUND, axioms=printed.axioms)
    own = {n for n in checked.axioms if n.startswith(("Quod.", "Top."))}
    # the admitted statement itself is loaded, and must not be used
    own = {n for n in own if not n.startswith("Quod.Statement.")}
    # axioms of ours are the trusted header's, which stands in a library of its own whenever it has any
    strange = sorted(n for n in own if n.removeprefix("Quod.Header.") not in assumed)
    second: list[str] = []
    for name in printed.axioms:
        full = [n for n in checked.axioms if n == name or n.endswith("." + name)]
        # every library axiom that the printed name can mean has to be allowed
        if not full or any(n not in own and not is_allowed(n) for n in full):
            strange.append(name)
        elif any(is_allowed(n) == 2 for n in full):
            second.append(name)
    if strange:
        words = ", ".join(dict.fromkeys(strange))
        found = codes.CHEAT_AXIOM.error(f"the proof rests on axioms that are not allowed: {words}")
        return FileCheck(Outcome.CHEAT, (found,), cheat=CheatKind.AXIOM, axioms=printed.axioms)
    notes: list[Diagnostic] = []
    if printed.axioms:
        notes.append(codes.AXIOMS.info("the proof rests on: " + ", ".join(printed.axioms)[:1000]))
    if second:
        notes.append(codes.FLOAT_TIER.info(f"among them {len(second)} axioms of primitive integers and floats"))
    return FileCheck(Outcome.PROVED, tuple(notes), axioms=printed.axioms, audited=True)


def _compile_statement(statement: Statement, limits: Limits, cancel: Cancel | None) -> _Trusted:
    header = statement.header
    sentences = split(header)
    assumed = header_axioms(header)
    generative = bool(assumed) or any(s.words[:1] and s.words[0] in _GENERATIVE for s in sentences)
    prelude = header
    files: dict[str, bytes] = {}
    script = f"coqc {' '.join(ARGUMENTS)} Statement.v"
    if generative:
        imports = [s.text for s in sentences if s.words[:1] and s.words[0] in _IMPORTING]
        prelude = "\n".join([*imports, "Require Import Quod.Header.", ""])
        files["Header.v"] = header.encode()
        script = f"coqc {' '.join(ARGUMENTS)} Header.v && {script}"
    files["Statement.v"] = f"{prelude}{statement.text}\nAdmitted.\n".encode()
    result = run_program(
        ["sh", "-c", script], files=files, limits=limits, collect=("*.vo",), cancel=cancel, read_paths=READ_PATHS
    )
    if result.ended is Ended.OK and result.returncode == 0 and "Statement.vo" in result.files:
        return _Trusted(dict(result.files), prelude, assumed=frozenset(assumed))
    _, diagnostics = _failure(result, statement.source)
    first = codes.STATEMENT_FAILS.error("Rocq does not accept the statement itself", hint="see the next diagnostic")
    return _Trusted({}, prelude, (first, *diagnostics), ended=result)


def strip_header(candidate: str, header: str) -> tuple[str, int]:
    """The candidate after the trusted header, if it begins with it (white space aside), and where that starts."""
    if not header.strip():
        return candidate, 0
    if candidate.startswith(header):
        return candidate[len(header) :], len(header)
    ours, theirs = split(header), split(candidate)
    if len(theirs) >= len(ours) and all(a.bare.split() == b.bare.split() for a, b in zip(ours, theirs, strict=False)):
        end = theirs[len(ours) - 1].end
        return candidate[end:], end
    return candidate, 0


def _only_main_hole(body: str, statement: Statement) -> bool:
    """Whether the holes are in the main proof itself: an unfinished proof, not a hidden one."""
    read, _ = read_statement(body, statement.name)
    return read is not None and not any(is_hole(s) for s in split(read.header))


def _outcome_of(result: ProgramResult) -> Outcome:
    if result.ended is Ended.TIMEOUT:
        return Outcome.TIMEOUT
    return Outcome.ERROR if result.ended is Ended.OK else Outcome.CRASHED


def _failure(result: ProgramResult, source: str) -> tuple[Outcome, tuple[Diagnostic, ...]]:
    """Outcome and diagnostics of a run of coqc that made no .vo file."""
    if result.ended is Ended.TIMEOUT:
        return Outcome.TIMEOUT, (codes.TIMEOUT.error(f"no end within {result.seconds:.0f} s"),)
    if result.ended is Ended.MEMORY:
        return Outcome.CRASHED, (codes.MEMORY.error(f"it needed over {result.peak_mb:.0f} MiB"),)
    if result.ended is Ended.UNAVAILABLE:
        return Outcome.CRASHED, (codes.NOT_INSTALLED.error(result.detail, hint="apt install coq"),)
    if result.ended is not Ended.OK:
        return Outcome.CRASHED, (codes.CRASHED.error(result.detail or str(result.ended)),)
    messages = [m for m in parse_coqc(result.stderr.decode(errors="replace")) if m.severity is Severity.ERROR]
    if not messages:
        return Outcome.CRASHED, (codes.CRASHED.error(f"coqc ended with status {result.returncode}, without a message"),)
    diagnostics = tuple(m.diagnostic(source) for m in messages)
    kinds = {d.code for d in diagnostics}
    if codes.INCOMPLETE.name in kinds:
        return Outcome.INCOMPLETE, diagnostics
    if codes.TIMEOUT.name in kinds:
        return Outcome.TIMEOUT, diagnostics
    if codes.MEMORY.name in kinds:
        return Outcome.CRASHED, diagnostics
    return Outcome.ERROR, diagnostics
