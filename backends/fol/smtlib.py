"""SMT-LIB 2 scripts: arithmetic and whatever else Z3 and cvc5 share. Read here for their commands and places,
parsed by pySMT, decided by Z3 and cvc5; a solution over numbers is put into every assertion by ``smt_eval.py``.

The assertion named ``question`` asks whether it follows from the others. A script without one asks for its
solutions: none, one or several.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quod.backends.fol import codes
from quod.backends.fol.sexpr import Node, read_sexprs
from quod.backends.fol.smt_eval import CannotEvaluate, Value, evaluate
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["Script", "read_script", "satisfies"]

_DECLARE = {"declare-fun", "declare-const", "declare-sort", "define-sort", "declare-datatypes", "declare-datatype"}
_QUIET = {
    "set-logic",
    "set-info",
    "check-sat",
    "get-model",
    "get-value",
    "get-unsat-core",
    "exit",
    "check-sat-assuming",
}
_REFUSED_OPTIONS = {":regular-output-channel", ":diagnostic-output-channel", ":dump-models", ":tlimit", ":replay"}


@dataclass
class Script:
    """A script taken apart: declarations and assertions as they stand in the text."""

    text: str
    declarations: list[str] = field(default_factory=list)
    assertions: list[tuple[str, Node]] = field(default_factory=list)
    """Name (``a1``, …, or the script's own) and formula."""
    question: Node | None = None
    constants: dict[str, str] = field(default_factory=dict)
    """Constants without arguments, to their sort."""
    functions: dict[str, tuple[tuple[str, ...], Node]] = field(default_factory=dict)
    logic: str = ""
    symbols: bool = False
    """Whether it declares functions with arguments or sorts of its own."""

    def source(self, node: Node) -> str:
        """A node as SMT-LIB again."""
        if node.items is None:
            return node.text
        return "(" + " ".join(self.source(n) for n in node.items) + ")"

    def told(self, names: list[str]) -> str:
        """Assertions by what they say, for people."""
        formulas = {name for name, _ in self.assertions}
        said = [f"`{self.source(node)}`" for name, node in self.assertions if name in names]
        said += [name for name in names if name not in formulas]
        return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)


def read_script(text: str) -> tuple[Script, list[Diagnostic]]:
    """The script of a text and every fault found in its commands."""
    nodes, found = read_sexprs(text)
    script = Script(text)
    asserted = False
    for node in nodes:
        head = node.head()
        end = node.start + len(head) + 1
        place = Span.at(text, node.start, end)
        items = node.items or ()
        if head == "assert" and len(items) == 2:
            asserted = True
            _assertion(script, items[1])
        elif head == "define-fun" and len(items) == 5:
            names = tuple(p.items[0].text for p in items[2].items or () if p.items)
            script.functions[items[1].text] = (names, items[4])
            script.declarations.append(script.source(node))
        elif head in _DECLARE:
            script.declarations.append(script.source(node))
            if head == "declare-const" and len(items) == 3:
                script.constants[items[1].text] = script.source(items[2])
            elif head == "declare-fun" and len(items) == 4 and not items[2].items:
                script.constants[items[1].text] = script.source(items[3])
            else:
                script.symbols = True
        elif head == "set-option":
            name = items[1].text if len(items) > 1 else ""
            if name in _REFUSED_OPTIONS or "channel" in name or "file" in name or "output" in name:
                found.append(
                    codes.REFUSED_COMMAND.error(
                        f"the option '{name}' is refused: it writes or names a channel", span=place
                    )
                )
        elif head == "set-logic" and len(items) == 2:
            script.logic = items[1].text
        elif head in {"push", "pop", "reset", "reset-assertions"}:
            found.append(codes.UNSUPPORTED.error(f"'{head}' is not supported: give one question a text", span=place))
        elif head not in _QUIET:
            code = codes.REFUSED_COMMAND if head in {"include", "echo", "eval", "shell"} else codes.UNSUPPORTED
            found.append(code.error(f"the command '{head or '()'}' is not read here", span=place))
    if not found and not asserted:
        found.append(codes.NO_QUESTION.error("the script asserts nothing"))
    return script, found


def _assertion(script: Script, node: Node) -> None:
    name = f"a{len(script.assertions) + 1}"
    body = node
    if node.head() == "!" and node.items:
        body = node.items[1]
        for i, item in enumerate(node.items):
            if item.text == ":named" and i + 1 < len(node.items):
                name = node.items[i + 1].text
    if name == "question" and script.question is None:
        script.question = body
    else:
        script.assertions.append((name, body))


def satisfies(script: Script, values: dict[str, Value], extra: tuple[tuple[bool, Node], ...] = ()) -> bool | None:
    """Whether values make every assertion true, and ``extra`` formulas as said; None if that cannot be evaluated."""
    try:
        fine = all(evaluate(node, dict(values), script.functions) is True for _, node in script.assertions)
        return fine and all(evaluate(node, dict(values), script.functions) is wanted for wanted, node in extra)
    except (CannotEvaluate, AssertionError, IndexError):
        return None
