"""What a Lean candidate may say: an allow-list of commands and options, and words no proof needs.

Static, and so the part of the Lean judge that runs everywhere; the rest needs a Lean.
"""

from __future__ import annotations

import re

from quod.backends.itp.types import CheatKind
from quod.backends.lean import codes
from quod.backends.lean.scan import Command, blank_comments, commands
from quod.core.diagnostics import Code, Diagnostic, Span

__all__ = ["ALLOWED_AXIOMS", "check_commands", "parse_axioms"]

ALLOWED_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})
_ALLOWED = {
    "theorem", "lemma", "example", "def", "abbrev", "namespace", "end", "section", "open", "variable", "universe",
    "include", "omit", "noncomputable", "private", "protected", "nonrec", "mutual", "structure", "inductive",
    "class", "deriving",
    "set_option", "import", "#check", "#eval", "#print", "#check_failure", "#reduce",
}  # fmt: skip
_HARMLESS_QUERIES = {"#check", "#check_failure"}
_OPTIONS = {
    "maxHeartbeats", "maxRecDepth", "autoImplicit", "relaxedAutoImplicit", "pp.all", "pp.explicit", "pp.proofs",
    "linter.all", "linter.unusedVariables", "linter.style.longLine", "linter.unnecessarySeqFocus",
    "exponentiation.threshold", "diagnostics", "synthInstance.maxHeartbeats", "tactic.hygienic", "Elab.async",
}  # fmt: skip
_UNSOUND_OPTIONS = re.compile(r"debug\.|skipKernelTC|bootstrap\.|compiler\.|trust|unsafe|warningAsError|bv\.")
_IMPORTS = re.compile(r"^(?:Mathlib|Aesop|Batteries|Std|Init|Lean|Qq|ProofWidgets|Plausible)(?:\.[\w.]+)?$")
_REFUSED_IMPORTS = re.compile(r"^Lean\.(?:Elab\.Frontend|LoadDynlib|Util\.Path)|^Lake")

_WORDS: tuple[tuple[CheatKind, tuple[str, ...], str], ...] = (
    (CheatKind.HOLE, (r"(?<![\w.'])(?:sorry|admit|stop)(?![\w'])",), "the proof leaves a hole"),
    (CheatKind.HOLE, (r"\bsorryAx\b",), "the proof uses the axiom behind sorry"),
    (CheatKind.UNSOUND, (
        r"\bnative_decide\b", r"\+native\b", r"native\s*:=\s*true",
        r"Lean\.(?:ofReduceBool|trustCompiler|ofReduceNat)\b",
        r"\bofReduceBool\b",
    ), "compiled code is not trusted"),
    (CheatKind.UNSOUND, (
        "skipKernelTC", "addDeclWithoutChecking", r"addDecl\b", "ofKernelEnv", "unsafeCast", "lcProof", "lcUnreachable",
        "implemented_by", r"@\[extern", r"@\[csimp", r"\bunsafe\b", r"debug\.",
    ), "the kernel is bypassed"),
    (CheatKind.COMMAND, (
        r"\bIO\.", r"\bIO\s*\(", r"\bSystem\.FilePath\b", r"\bFS\.",
    ), "it does input or output"),
    (CheatKind.COMMAND, (
        r"\b(?:run_tac|by_elab|run_cmd|run_elab|run_meta|elab_rules|macro_rules|dbg_trace|include_str)\b", "eval%",
    ), "it runs code at elaboration"),
    (CheatKind.COMMAND, (r"\b(?:modifyEnv|setEnv|withEnv|getEnv)\b", r"\bEnvironment\."), "it changes the environment"),
    (CheatKind.COMMAND, (
        r"\b(?:local|scoped)\s+(?:notation|infix\w*|prefix|postfix|instance|macro|syntax)\b",
    ), "it redefines notation or instances"),
)  # fmt: skip
_CODES: dict[CheatKind, Code] = {
    CheatKind.HOLE: codes.CHEAT_HOLE,
    CheatKind.UNSOUND: codes.CHEAT_UNSOUND,
    CheatKind.AXIOM: codes.CHEAT_AXIOM,
    CheatKind.COMMAND: codes.CHEAT_COMMAND,
    CheatKind.STATEMENT: codes.CHEAT_STATEMENT,
}


def check_commands(text: str, *, offset: int = 0, whole: str | None = None) -> tuple[tuple[CheatKind, Diagnostic], ...]:
    """Everything in ``text`` that a candidate may not say. ``text`` is part of ``whole`` from ``offset`` on."""
    whole = text if whole is None else whole
    found: list[tuple[CheatKind, Diagnostic]] = []

    def add(kind: CheatKind, message: str, start: int, end: int) -> None:
        found.append((kind, _CODES[kind].error(message, span=Span.at(whole, offset + start, offset + end))))

    clean = blank_comments(text, strings=True)
    for kind, patterns, message in _WORDS:
        for match in re.finditer("|".join(patterns), clean):
            add(kind, f"{message}: '{match.group().strip()}'", match.start(), match.end())
    for command in commands(text):
        problem = _judge(command)
        if problem:
            add(problem[0], problem[1], command.start, command.start + len(command.text.split("\n")[0]))
    seen: set[tuple[str, str]] = set()
    unique = []
    for kind, diagnostic in found:
        key = (diagnostic.code, diagnostic.message)
        if key not in seen:
            seen.add(key)
            unique.append((kind, diagnostic))
    return tuple(unique)


def _judge(command: Command) -> tuple[CheatKind, str] | None:
    words = [w for w in command.words if w not in {"private", "protected", "noncomputable", "nonrec"}]
    if not words:
        return None
    word = words[0]
    if word in {"axiom", "constant", "opaque"}:
        return CheatKind.AXIOM, f"'{word}' assumes what should be proved"
    if word == "instance" or word not in _ALLOWED:
        return CheatKind.COMMAND, f"the command '{word}' is not allowed in a proof"
    if word.startswith("#") and word not in _HARMLESS_QUERIES:
        return CheatKind.COMMAND, f"the command '{word}' is not allowed in a proof"
    if word == "set_option":
        option = words[1] if len(words) > 1 else ""
        if _UNSOUND_OPTIONS.search(option):
            return CheatKind.UNSOUND, f"the option '{option}' bypasses a check"
        if option not in _OPTIONS:
            return CheatKind.COMMAND, f"the option '{option}' is not on the list a proof may set"
    if word == "import":
        for name in words[1:]:
            if not _IMPORTS.match(name) or _REFUSED_IMPORTS.match(name):
                return CheatKind.COMMAND, f"the library '{name}' is not on the list a proof may load"
    attribute = re.match(r"@\[([^\]]*)\]", command.text)
    if attribute:
        for name in attribute[1].split(","):
            plain = re.split(r"[\s←(]", name.strip())[0]
            if plain not in {"simp", "norm_num", "ext", "refl", "symm", "trans", "gcongr", "aesop", "inline"}:
                return CheatKind.COMMAND, f"the attribute '{plain}' is not allowed in a proof"
    return None


_DEPENDS = re.compile(r"'(?P<name>[^\s]+)' (?:depends on axioms: \[(?P<axioms>[^\]]*)\]|does not depend on any axioms)")


def parse_axioms(data: str) -> tuple[str, tuple[str, ...]] | None:
    """What ``#print axioms`` says: the name and its axioms; None if the message is something else."""
    match = _DEPENDS.search(data)
    if match is None:
        return None
    listed = match["axioms"]
    return match["name"], tuple(a.strip() for a in listed.split(",") if a.strip()) if listed else ()
