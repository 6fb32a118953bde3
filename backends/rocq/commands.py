"""What a candidate proof may say: an allow-list of commands, options, attributes and libraries.

Everything outside it is refused before Rocq sees the text. The list is for candidates only; a trusted header may say
more (but see ``statement_commands``). Soundness does not rest on this list alone: pin, ``Print Assumptions`` and
``coqchk`` come after it. What does rest on it is that the text cannot reach files, plugins or the toplevel's state.
"""

from __future__ import annotations

import re

from quod.backends.itp.types import CheatKind
from quod.backends.rocq.codes import CHEAT_AXIOM, CHEAT_COMMAND, CHEAT_HOLE, CHEAT_UNSOUND, UNTERMINATED
from quod.backends.rocq.sentences import Sentence, split, strip_comments
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["ASSUMING", "check_commands", "is_hole"]

_STATING = {
    "Theorem", "Lemma", "Example", "Corollary", "Proposition", "Fact", "Remark", "Property", "Definition", "Fixpoint",
    "CoFixpoint", "Let", "Inductive", "CoInductive", "Variant", "Record", "Structure", "Class", "Instance", "Goal",
    "Function", "Scheme", "Ltac",
}  # fmt: skip
_PROVING = {"Proof", "Qed", "Defined", "Abort", "Focus", "Unfocus", "Show", "Existing", "Next"}
_ARRANGING = {
    "Import", "Export", "Section", "End", "Module", "Open", "Close", "Delimit", "Bind", "Notation", "Infix", "Reserved",
    "Arguments", "Implicit", "Generalizable", "Hint", "Create", "Opaque", "Transparent", "Canonical", "Coercion",
    "Declare", "Tactic", "Check", "Compute", "Eval", "Search", "About", "Locate", "Context", "Variable", "Variables",
    "Hypothesis", "Hypotheses", "Local", "Global", "Require", "From", "Set", "Unset", "Time", "Timeout", "Fail",
    "Succeed",
}  # fmt: skip
_ALLOWED = _STATING | _PROVING | _ARRANGING
ASSUMING = {"Axiom", "Axioms", "Parameter", "Parameters", "Conjecture", "Conjectures"}
_IN_SECTIONS = {"Variable", "Variables", "Hypothesis", "Hypotheses", "Context"}
_DECLARE = {"Scope"}
_OPTIONS = {
    "Implicit Arguments", "Strict Implicit", "Contextual Implicit", "Maximal Implicit Insertion",
    "Reversible Pattern Implicit", "Default Goal Selector", "Default Proof Using", "Bullet Behavior", "SsrRewrite",
    "Printing All", "Printing Depth", "Printing Width",
    "Printing Implicit", "Printing Coercions", "Asymmetric Patterns", "Primitive Projections", "Lia Cache", "Nia Cache",
    "Nra Cache", "Keyed Unification", "Typeclasses Depth", "Warnings", "Printing Notations", "Ltac Backtrace",
    "Simplex", "Suggest Proof Using",
}  # fmt: skip
_UNSOUND_OPTIONS = (
    "Guard Checking",
    "Positivity Checking",
    "Universe Checking",
    "Definitional UIP",
    "Cumulative StrictProp",
)
_ATTRIBUTES = {"local", "global", "export", "program", "refine", "canonical", "reversible", "nonuniform"}
LIBRARY_ROOTS = {"Coq", "Stdlib", "mathcomp", "Coquelicot", "Interval", "Flocq", "Bignums", "Corelib"}
_REFUSED_LIBRARIES = {"elpi", "HB", "Ltac2", "Extraction", "ExtrOcamlBasic", "Quod"}
_PREFIXES = re.compile(r"(?:(?:Time|Fail|Succeed|Local|Global|Timeout\s+\d+)\s+)+")
_ATTRIBUTE_LIST = re.compile(r"#\[([^\]]*)\]")
_HOLES = re.compile(r"(?<![\w'.])(?:admit|give_up|Admitted)(?![\w'])")
_NATIVE = re.compile(r"(?<![\w'.])(?:native_compute|native_cast_no_check)(?![\w'])|<<:")
_UNCHECKED = re.compile(
    r"(?<![\w'.])(?:exact_no_check|change_no_check|convert_concl_no_check|vm_cast_no_check)(?![\w'])"
)


def is_hole(sentence: Sentence) -> bool:
    """Whether a sentence leaves something open: ``Admitted``, ``admit``, ``give_up``."""
    return bool(_HOLES.search(_without_strings(sentence.bare)))


def check_commands(text: str, *, offset: int = 0, whole: str | None = None) -> tuple[tuple[CheatKind, Diagnostic], ...]:
    """Everything in ``text`` that a candidate may not say, in order.

    ``text`` is a part of ``whole`` that begins at ``offset``; spans are in ``whole``.
    """
    whole = text if whole is None else whole
    found: list[tuple[CheatKind, Diagnostic]] = []
    depth = 0
    own_tactics: set[str] = set()
    for sentence in split(text):
        span = Span.at(whole, offset + sentence.start, offset + sentence.end)
        if not sentence.terminated:
            found.append((CheatKind.COMMAND, UNTERMINATED.error("the last sentence has no full stop", span=span)))
            continue
        bare = _without_strings(sentence.bare)
        own_tactics.update(re.findall(r"\bLtac\s+([\w']+)", bare))
        depth += bool(re.match(r"Section\s", bare)) - bool(re.match(r"End\s", bare))
        problem = _judge(sentence, bare, max(depth, 0), own_tactics)
        if problem:
            kind, message, hint = problem
            code = {
                CheatKind.AXIOM: CHEAT_AXIOM,
                CheatKind.HOLE: CHEAT_HOLE,
                CheatKind.UNSOUND: CHEAT_UNSOUND,
            }.get(kind, CHEAT_COMMAND)
            found.append((kind, code.error(message, span=span, hint=hint)))
    return tuple(found)


def _without_strings(text: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', lambda m: '"' + " " * (len(m.group()) - 2) + '"', strip_comments(text))


def _judge(sentence: Sentence, bare: str, sections: int, own: set[str]) -> tuple[CheatKind, str, str | None] | None:
    while match := _ATTRIBUTE_LIST.match(bare):
        for attribute in match[1].split(","):
            name = re.split(r"[\s(=]", attribute.strip())[0]
            if name == "bypass_check":
                return (
                    CheatKind.UNSOUND,
                    f"the attribute '{attribute.strip()}' switches a check of the kernel off",
                    None,
                )
            if name not in _ATTRIBUTES:
                return CheatKind.COMMAND, f"the attribute '{name}' is not allowed in a proof", None
        bare = bare[match.end() :].lstrip()
    bare = _PREFIXES.sub("", bare, count=1) if _PREFIXES.match(bare) else bare
    if _HOLES.search(bare):
        return CheatKind.HOLE, "the proof leaves a hole (admit or Admitted)", "prove it, or leave it out"
    if _NATIVE.search(bare):
        return CheatKind.UNSOUND, "compiled code is not trusted (native_compute)", "use vm_compute"
    if _UNCHECKED.search(bare):
        return CheatKind.UNSOUND, "an unchecked conversion is not allowed in a proof", "use the checked tactic"
    first = re.match(r"[A-Z][\w']*", bare)
    if first is None or first.group() in own:
        return None
    word = first.group()
    words = re.findall(r"[\w.']+", bare.rstrip("."))
    if word in ASSUMING:
        return CheatKind.AXIOM, f"'{word}' assumes what should be proved", None
    if word not in _ALLOWED:
        return CheatKind.COMMAND, f"the command '{word}' is not allowed in a proof", None
    if word in _IN_SECTIONS and not sections:
        return CheatKind.AXIOM, f"'{word}' outside a section assumes what should be proved", None
    if word == "Declare" and (len(words) < 2 or words[1] not in _DECLARE):
        return CheatKind.COMMAND, f"'{' '.join(words[:2])}' is not allowed in a proof", None
    if word in {"Set", "Unset"}:
        return _option(bare, word)
    if word in {"Require", "From", "Import", "Export"}:
        return _library(words)
    if word == "Module" and ("Type" in words[:2] or re.match(r"Module\s+[\w']+\s*[(<:]", bare)):
        return CheatKind.COMMAND, "functors and module types are not allowed in a proof", None
    if word in {"Check", "Compute", "Eval", "Search", "About", "Locate", "Show"} and '"' in sentence.bare:
        return CheatKind.COMMAND, f"'{word}' with a string is not allowed in a proof", None
    if word == "Goal":
        return CheatKind.COMMAND, "'Goal' proves nothing that can be referred to", "state it as a lemma"
    return None


def _option(bare: str, word: str) -> tuple[CheatKind, str, str | None] | None:
    option = " ".join(re.findall(r"[A-Z]\w*", bare)[1:])
    if any(option.startswith(name) for name in _UNSOUND_OPTIONS):
        return CheatKind.UNSOUND, f"'{word} {option}' switches a check of the kernel off", None
    if option not in _OPTIONS:
        return CheatKind.COMMAND, f"the option '{option}' is not on the list a proof may set", None
    return None


def _library(words: list[str]) -> tuple[CheatKind, str, str | None] | None:
    names = [w for w in words if w not in {"Require", "Import", "Export", "From"}]
    if words[0] == "From" and names and names[0].split(".")[0] not in LIBRARY_ROOTS:
        return CheatKind.COMMAND, f"the library '{names[0]}' is not on the list a proof may load", None
    for name in names:
        if _REFUSED_LIBRARIES & set(name.split(".")):
            return CheatKind.COMMAND, f"the library '{name}' is not on the list a proof may load", None
    return None
