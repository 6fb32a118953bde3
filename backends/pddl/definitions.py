"""From s-expressions to domains and problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from quod.backends.pddl import codes
from quod.backends.pddl.sexpr import SECTIONS, Atom, List, Node, read
from quod.backends.pddl.syntax import (
    Action,
    And,
    Derived,
    Domain,
    Fluent,
    InitFact,
    InitValue,
    Metric,
    Param,
    ProblemDef,
    Sequence,
    Source,
    TypeDecl,
)
from quod.backends.pddl.terms import MAX_DIAGNOSTICS, TermReader
from quod.core.diagnostics import Diagnostic

__all__ = ["Definitions", "parse"]

_REPEATABLE = frozenset({":action", ":durative-action", ":derived"})
_UNSUPPORTED = frozenset({":constraints", ":process", ":event"})


@dataclass(slots=True)
class Definitions:
    """Everything one text defines, and every fault found in it."""

    domains: list[Domain] = field(default_factory=list)
    problems: list[ProblemDef] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def parse(text: str, file: str | None = None) -> Definitions:
    """Read all definitions of a text. Never raises."""
    source = Source(text, file)
    reading = read(text)
    out = Definitions(diagnostics=[d.model_copy(update={"file": file}) for d in reading.diagnostics])
    for node in reading.nodes:
        _definition(node, source, out)
    del out.diagnostics[MAX_DIAGNOSTICS:]
    return out


def _definition(node: Node, source: Source, out: Definitions) -> None:
    reader = _DefinitionReader(source, out.diagnostics)
    if isinstance(node, Atom) or node.head != "define":
        reader.error(codes.SYNTAX, f"'(define …)' expected, but here stands '{reader.shown(node)}'", node)
        return
    header = node.items[1] if len(node.items) > 1 else node
    if isinstance(header, List) and len(header.items) == 2 and header.head in {"domain", "problem"}:
        name = reader.name(header.items[1], f"name of the {header.head}") or header.head
        if header.head == "domain":
            out.domains.append(reader.domain(node, name))
        else:
            out.problems.append(reader.problem(node, name))
        return
    reader.error(codes.SYNTAX, "'(domain NAME)' or '(problem NAME)' expected after 'define'", header)


class _DefinitionReader(TermReader):
    def _sections(self, node: List, allowed: frozenset[str], what: str) -> list[tuple[str, List]]:
        out: list[tuple[str, List]] = []
        seen: set[str] = set()
        for item in node.items[2:]:
            head = item.head if isinstance(item, List) else ""
            if isinstance(item, Atom) or not head.startswith(":"):
                hint = None
                if isinstance(item, List) and ":" + head in SECTIONS:
                    hint = f"did you mean (:{head} …)?"
                self.error(codes.SYNTAX, f"section expected, but here stands '{self.shown(item)}'", item, hint)
            elif head in _UNSUPPORTED:
                self.error(codes.UNSUPPORTED, f"{head} is not supported", item)
            elif head not in allowed:
                hint = (
                    f"it belongs into the {'problem' if what == 'domain' else 'domain'}" if head in SECTIONS else None
                )
                self.error(codes.UNKNOWN_SECTION, f"'{head}' is not a section of a {what}", item, hint)
            elif head in seen and head not in _REPEATABLE:
                self.error(codes.DUPLICATE_SECTION, f"a second {head} section", item, "join the two")
                out.append((head, item))
            else:
                seen.add(head)
                out.append((head, item))
        return out

    # --- domain -----------------------------------------------------------------------------------------------
    def domain(self, node: List, name: str) -> Domain:
        """The domain of a ``(define (domain …) …)``."""
        out = Domain(name, self.source, at=node.start)
        allowed = frozenset(
            ":requirements :types :constants :predicates :functions :action :durative-action :derived".split()
        )
        for head, section in self._sections(node, allowed, "domain"):
            rest = section.items[1:]
            if head == ":requirements":
                out.requirements_at = section.start
                out.requirements |= self._flags(rest)
            elif head == ":types":
                out.types += self._types_section(rest)
            elif head == ":constants":
                out.constants += self.typed_list(rest, variables=False, what="constant")
            elif head == ":predicates":
                out.predicates += [s for item in rest if (s := self.signature(item, "predicate"))]
            elif head == ":functions":
                self._functions(rest, out)
            elif head == ":derived":
                if len(rest) == 2 and (signature := self.signature(rest[0], "predicate")):
                    out.derived.append(Derived(signature, self.formula(rest[1]), section.start))
                elif len(rest) != 2:
                    self.error(codes.SYNTAX, ":derived takes a predicate and a condition", section)
            else:
                action = self._action(section, durative=head == ":durative-action")
                if action:
                    out.actions.append(action)
        return out

    def _flags(self, nodes: tuple[Node, ...]) -> dict[str, int]:
        out: dict[str, int] = {}
        for node in nodes:
            if isinstance(node, Atom) and node.text.startswith(":"):
                out[node.text] = node.start
            else:
                self.error(codes.SYNTAX, f"a requirement such as :strips expected, not '{self.shown(node)}'", node)
        return out

    def _types_section(self, nodes: tuple[Node, ...]) -> list[TypeDecl]:
        return [TypeDecl(p.name, p.types, p.at) for p in self.typed_list(nodes, variables=False, what="type")]

    def _functions(self, nodes: tuple[Node, ...], out: Domain) -> None:
        index = 0
        while index < len(nodes):
            node = nodes[index]
            if isinstance(node, Atom) and node.text == "-":
                following = nodes[index + 1] if index + 1 < len(nodes) else node
                if not (isinstance(following, Atom) and following.text == "number"):
                    self.error(codes.UNSUPPORTED, "functions other than numeric ones are not supported", following)
                index += 2
                continue
            signature = self.signature(node, "function")
            if signature:
                out.functions.append(signature)
            index += 1

    def _action(self, section: List, *, durative: bool) -> Action | None:
        if len(section.items) < 2:
            self.error(codes.SYNTAX, "an action without a name", section)
            return None
        name = self.name(section.items[1], "name of the action")
        if name is None:
            return None
        known = {":parameters", ":effect"} | ({":duration", ":condition"} if durative else {":precondition"})
        parts: dict[str, Node] = {}
        index = 2
        while index < len(section.items):
            key = section.items[index]
            if isinstance(key, List) or not key.text.startswith(":"):
                self.error(codes.SYNTAX, f"in action {name}, ':keyword' expected, not '{self.shown(key)}'", key)
                index += 1
                continue
            if key.text not in known:
                near = ":condition" if durative else ":precondition"
                hint = f"did you mean {near}?" if "cond" in key.text else f"known are {', '.join(sorted(known))}"
                self.error(codes.UNKNOWN_SECTION, f"'{key.text}' is not a part of action {name}", key, hint)
                if "cond" in key.text and index + 1 < len(section.items):
                    parts[near] = section.items[index + 1]
            elif index + 1 >= len(section.items) or isinstance(section.items[index + 1], Atom):
                self.error(codes.SYNTAX, f"in action {name}, {key.text} is followed by nothing", key)
                index += 1
                continue
            elif key.text in parts:
                self.error(codes.DUPLICATE_SECTION, f"action {name} has {key.text} twice", key)
            else:
                parts[key.text] = section.items[index + 1]
            index += 2
        return self._assembled(section, name, parts, durative=durative)

    def _assembled(self, section: List, name: str, parts: dict[str, Node], *, durative: bool) -> Action:
        params: tuple[Param, ...] = ()
        listed = parts.get(":parameters")
        if isinstance(listed, List):
            params = tuple(self.typed_list(listed.items, variables=True, what="variable"))
        if ":effect" not in parts:
            self.error(codes.MISSING_SECTION, f"action {name} has no :effect", section.items[1])
        if durative and ":duration" not in parts:
            self.error(codes.MISSING_SECTION, f"durative action {name} has no :duration", section.items[1])
        condition = parts.get(":condition" if durative else ":precondition")
        duration = parts.get(":duration")
        return Action(
            name=name,
            params=params,
            condition=self.formula(condition) if condition else And(()),
            effect=self.effect(parts[":effect"]) if ":effect" in parts else Sequence(()),
            duration=self.formula(duration) if duration else None,
            durative=durative,
            at=section.items[1].start,
            end=section.end,
        )

    # --- problem ------------------------------------------------------------------------------------------------
    def problem(self, node: List, name: str) -> ProblemDef:
        """The problem of a ``(define (problem …) …)``."""
        out = ProblemDef(name, self.source, at=node.start)
        allowed = frozenset(":domain :requirements :objects :init :goal :metric :length".split())
        seen: set[str] = set()
        for head, section in self._sections(node, allowed, "problem"):
            seen.add(head)
            rest = section.items[1:]
            if head == ":domain":
                out.domain = (self.name(rest[0], "name of the domain") or "") if rest else ""
                out.domain_at = section.start
            elif head == ":requirements":
                out.requirements |= self._flags(rest)
            elif head == ":objects":
                out.objects += self.typed_list(rest, variables=False, what="object")
            elif head == ":init":
                out.init_at = section.start
                for item in rest:
                    self._init(item, out, None)
            elif head == ":goal":
                self._goal(section, out)
            elif head == ":metric":
                self._metric(section, out)
        for needed in (":domain", ":init", ":goal"):
            if needed not in seen:
                self.error(codes.MISSING_SECTION, f"the problem has no ({needed} …)", node.items[1])
        return out

    def _goal(self, section: List, out: ProblemDef) -> None:
        out.goal_at = section.start
        rest = section.items[1:]
        if not rest:
            self.error(codes.SYNTAX, "the goal is empty", section, "(:goal (and …))")
        elif len(rest) == 1:
            out.goal = self.formula(rest[0])
        else:
            self.error(codes.SYNTAX, "the goal has several conditions side by side", section, "(:goal (and …))")
            out.goal = And(tuple(self.formula(item) for item in rest), section.start)

    def _init(self, node: Node, out: ProblemDef, time: Fraction | None) -> None:
        if isinstance(node, Atom) or not node.items:
            self.error(codes.SYNTAX, f"fact expected, but here stands '{self.shown(node)}'", node)
            return
        head, rest = node.head, node.items[1:]
        if head == "and":
            self.error(codes.SYNTAX, ":init is a list of facts, not an 'and' of them", node, "take away 'and'")
            for item in rest:
                self._init(item, out, time)
        elif head == "=" and len(rest) == 2:
            target, value = self.expr(rest[0]), self.number(rest[1])
            if value is None or not isinstance(target, Fluent):
                self.error(codes.SYNTAX, f"'{self.shown(node)}' is not (= (function …) number)", node)
            else:
                out.values.append(InitValue(target, value, time, node.start))
        elif head == "at" and len(rest) == 2 and time is None and (when := self.number(rest[0])) is not None:
            self._init(rest[1], out, when)
        elif head == "not" and len(rest) == 1 and isinstance(rest[0], List):
            fact = self.pred(rest[0])
            if fact and time is None:
                self.error(
                    codes.NEGATED_INIT,
                    f"'{self.shown(node)}' in :init: facts that are not listed are false anyway",
                    node,
                    "leave it out",
                )
            if fact:
                out.init.append(InitFact(fact, True, time, node.start))
        elif head in {"or", "not", "forall", "exists", "imply", "when", "="}:
            self.error(codes.SYNTAX, f"'{head}' cannot stand in :init", node, "list the facts themselves")
        else:
            fact = self.pred(node)
            if fact:
                out.init.append(InitFact(fact, False, time, node.start))

    def _metric(self, section: List, out: ProblemDef) -> None:
        rest = section.items[1:]
        direction = rest[0].text if rest and isinstance(rest[0], Atom) else ""
        if len(rest) != 2 or direction not in {"minimize", "maximize"}:
            self.error(codes.SYNTAX, "(:metric minimize EXPRESSION) or (:metric maximize EXPRESSION) expected", section)
            return
        out.metric = Metric(direction == "minimize", self.expr(rest[1]), section.start)
