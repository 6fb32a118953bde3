"""Names, numbers and sentences of the words, compared with the formal problem.

Nothing here understands English. It only looks at which names stand together in one clause, and which numbers
stand before which nouns; so it warns where a fact joins what no clause joins, or the other way round.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quod.backends.pddl import codes
from quod.backends.pddl.semantics import show
from quod.backends.pddl.shape import used_objects
from quod.backends.pddl.task import Fact, Task
from quod.backends.pddl.walk import atoms
from quod.core.diagnostics import Diagnostic, Span

__all__ = ["compare_with_words"]

_CLAUSE = re.compile(r"[.;!?](?=\s|$)|\n|,\s+(?=(?:which|who|where|while|because|since)\b)")
_TOKEN = re.compile(r"[A-Za-z0-9][\w-]*")
_SERIES = re.compile(r"(?P<stem>[a-z]\w*?[a-z_-])(?P<index>\d+)|(?P<letter>[a-z])(?P<number>\d+)")
_SAYS = re.compile(r"\b(is|are|be|contains?|holds?|has|lies|sits|stands)\b")
_GOAL = re.compile(r"\b(goal|should|must|want|wants|wanted)\b")
_COUNT = re.compile(r"\b(\d{1,5})\s+([a-z]+)\b")
_EXISTS = re.compile(
    r"(?:there (?:is|are)|you have)\b(?!.*\b(?:in|on|at|between|from|to|inside|of|with|under|near)\b)", re.IGNORECASE
)
_MOST = 5


@dataclass(frozen=True, slots=True)
class _Clause:
    words: str
    tokens: frozenset[str]
    in_goal: bool
    """It says itself that it is about the goal."""
    after_goal: bool
    """It stands after the word goal."""


def compare_with_words(task: Task, words: str) -> list[Diagnostic]:
    """Doubts that arise from comparing a task with the words it came from."""
    clauses = _clauses(words)
    spoken = {token for clause in clauses for token in clause.tokens}
    out: list[Diagnostic] = []
    checks = (
        _missing_names(task, spoken, clauses),
        _invented_names(task, spoken, words),
        _named_in_vain(task, spoken),
        _counts(task, words),
        _unsaid_facts(task, spoken, clauses),
        _unheard_clauses(task, clauses),
    )
    for found in checks:
        out += itertools.islice(found, _MOST)
    return out


def _clauses(words: str) -> list[_Clause]:
    out = []
    after_goal = False
    position = 0
    for match in [*_CLAUSE.finditer(words), None]:
        end = match.start() if match else len(words)
        piece = words[position:end].strip()
        position = match.end() if match else end
        if not piece:
            continue
        lower = piece.lower()
        after_goal = after_goal or bool(re.search(r"\bgoal\b", lower))
        tokens = frozenset(_TOKEN.findall(lower))
        out.append(_Clause(piece, tokens, bool(_GOAL.search(lower)), after_goal))
    return out


# --- names ------------------------------------------------------------------------------------------------------
def _stem(name: str) -> tuple[str, int] | None:
    match = _SERIES.fullmatch(name)
    if not match:
        return None
    return (match["stem"], int(match["index"])) if match["stem"] else (match["letter"], int(match["number"]))


def _missing_names(task: Task, spoken: set[str], clauses: list[_Clause]) -> Iterator[Diagnostic]:
    """Names of a series (b7, room3, tile_0-1) that the words use and the problem lacks."""
    stems = {stem[0] for name in task.objects if (stem := _stem(name))}
    for name in sorted(spoken - set(task.objects)):
        stem = _stem(name)
        if stem and stem[0] in stems:
            source = next(c.words for c in clauses if name in c.tokens)
            yield codes.NAME_NOT_IN_PDDL.warning(
                f"the words speak of {name}, and the problem has no {name}", source=source
            )


def _invented_names(task: Task, spoken: set[str], words: str) -> Iterator[Diagnostic]:
    """Objects that continue a series of the words beyond what they name or count."""
    highest: dict[str, int] = {}
    for token in spoken:
        stem = _stem(token)
        if stem:
            highest[stem[0]] = max(highest.get(stem[0], 0), stem[1])
    counted = max((int(n) for n in re.findall(r"(?<![\w-])\d{1,6}(?![\w-])", words)), default=0)
    for param in task.problem.objects:
        stem = _stem(param.name)
        if stem and param.name not in spoken and stem[0] in highest and stem[1] > max(highest[stem[0]], counted):
            span = Span.at(task.problem.source.text, param.at, param.at + len(param.name))
            message = f"the words neither name {param.name} nor count so far"
            yield codes.NAME_NOT_IN_TEXT.warning(message, span=span, file=task.problem.source.file)


def _named_in_vain(task: Task, spoken: set[str]) -> Iterator[Diagnostic]:
    """Objects that the words speak of and no fact or goal does."""
    used = used_objects(task)
    for param in task.problem.objects:
        if param.name in spoken and param.name not in used:
            span = Span.at(task.problem.source.text, param.at, param.at + len(param.name))
            message = f"the words speak of {param.name}, and no initial fact and no goal does"
            yield codes.NAME_UNUSED.warning(message, span=span, file=task.problem.source.file)


def _counts(task: Task, words: str) -> Iterator[Diagnostic]:
    """``3 rooms`` against the objects of type room."""
    kinds: dict[str, list[str]] = {}
    for name, types in task.objects.items():
        for kind in types:
            kinds.setdefault(kind, []).append(name)
    if not any(kind in kinds for kind in task.types.parents if kind != "object"):
        stems: dict[str, list[str]] = {}
        for name in task.objects:
            stem = _stem(name)
            stems.setdefault(stem[0] if stem else name, []).append(name)
        kinds = stems
    heads = re.split(r"\b(?:goal|should)\b", words.lower(), maxsplit=1)[0]
    for number, noun in _COUNT.findall(heads):
        singular = noun.removesuffix("s")
        names = kinds.get(noun) or kinds.get(singular)
        if names is not None and len(names) != int(number):
            message = f"the words say {number} {noun}, and the problem has {len(names)}: {', '.join(names[:5])}"
            yield codes.COUNT_MISMATCH.warning(message, source=f"{number} {noun}")


# --- facts ------------------------------------------------------------------------------------------------------
def _unsaid_facts(task: Task, spoken: set[str], clauses: list[_Clause]) -> Iterator[Diagnostic]:
    """Initial facts about things that can change, joining named things that no clause names together."""
    spoken_of = _with_nouns(task, clauses)
    joined = _Joined(task)
    for item in task.problem.init:
        fact: Fact = (item.fact.name, *(t.name for t in item.fact.args))
        names = set(fact[1:])
        if fact[0] not in task.fluent_predicates or len(names) < 2 or not names <= spoken:
            continue
        if len(fact) == 3 and fact[1].startswith((f"{fact[2]}-", f"{fact[2]}_")):
            continue  # depot1-2-3 is a place in depot1: its name says so
        if not any(names <= tokens for tokens in spoken_of) and not joined.hand_on(fact, spoken_of):
            span = Span.at(task.problem.source.text, item.fact.at, item.fact.end)
            message = f"{show(fact)} is in the initial state, and no sentence says so"
            yield codes.FACT_INVENTED.warning(message, span=span, file=task.problem.source.file)


def _with_nouns(task: Task, clauses: list[_Clause]) -> list[frozenset[str]]:
    """The names of each clause, and those it means by "the crate" (there is one) or "all crates"."""
    kinds: dict[str, list[str]] = {}
    for name, types in task.objects.items():
        for kind in types:
            kinds.setdefault(kind, []).append(name)
    nouns = {kind + "s": names for kind, names in kinds.items()}
    nouns.update((kind, names) for kind, names in kinds.items() if len(names) == 1)
    return [clause.tokens.union(*(nouns[t] for t in clause.tokens if t in nouns)) for clause in clauses]


class _Joined:
    """Which facts of the start join two things."""

    def __init__(self, task: Task) -> None:
        self.names: dict[tuple[str, str], set[str]] = {}
        self.before: dict[tuple[str, str], list[str]] = {}
        for fact in task.init:
            if len(fact) == 3:
                self.names.setdefault(fact[1:], set()).add(fact[0])
                self.before.setdefault((fact[0], fact[2]), []).append(fact[1])

    def hand_on(self, fact: Fact, spoken_of: list[frozenset[str]]) -> bool:
        """Whether a fact follows from where a thing is: a crate on a shelf that is in a store is in that store, too."""
        if len(fact) != 3:
            return False
        return any(
            self.names.get((fact[1], middle), set()) - {fact[0]}
            and any({fact[1], middle} <= tokens for tokens in spoken_of)
            and any({middle, fact[2]} <= tokens for tokens in spoken_of)
            for middle in self.before.get((fact[0], fact[2]), ())
        )


def _unheard_clauses(task: Task, clauses: list[_Clause]) -> Iterator[Diagnostic]:
    """Clauses that join exactly two named things that no fact or goal joins."""
    start = [frozenset(fact[1:]) for fact in task.init | set(task.values)]
    start += [frozenset(t.name for t in item.fact.args) for item in task.timed]
    goal = [frozenset(t.name for t in atom.args) for atom in atoms(task.goal)]
    for clause in clauses:
        names = {name for name in clause.tokens if name in task.objects}
        # "a" and "i" are words, too: nobody knows how many names stand beside them
        if (
            len(names) != 2
            or names & {"a", "i"}
            or not _SAYS.search(clause.words.lower())
            or _coordinated(clause.words, names)
            or _EXISTS.match(clause.words)
            or _apart(clause.words.lower(), names)
        ):
            continue
        where, said = (start, "initial fact")
        if clause.after_goal:
            where, said = (goal, "goal") if clause.in_goal else (goal + start, "initial fact and no goal")
        elif clause.in_goal:
            where, said = goal, "goal"
        if not any(names <= joined for joined in where):
            message = f"no {said} joins {' and '.join(sorted(names))}"
            yield codes.FACT_MISSING.warning(message, source=clause.words)


def _coordinated(words: str, names: set[str]) -> bool:
    """``the left and the right hand``: one statement about each, not about both."""
    one, other = (re.escape(name) for name in sorted(names))
    link = r"\s*(?:,|,?\s+(?:and|or)\s+)\s*(?:(?:to|with)\s+)?(?:the\s+|your\s+)?"
    return bool(re.search(rf"(?<![\w-])(?:{one}{link}{other}|{other}{link}{one})(?![\w-])", words.lower()))


def _apart(words: str, names: set[str]) -> bool:
    """``the height at p is 0 and the height at q is 1``: two statements, each with its subject."""
    pieces = re.split(r",? and |,? but |, ", words)
    verbs = [[m.start() for m in _SAYS.finditer(piece)] for piece in pieces]
    if len(pieces) < 2 or not all(verbs):
        return False
    subjects = [set(_TOKEN.findall(p[: at[-1]])) & names for p, at in zip(pieces, verbs, strict=True)]
    objects = [set(_TOKEN.findall(p[at[-1] :])) & names for p, at in zip(pieces, verbs, strict=True)]
    return not any(objects) and all(len(s) == 1 for s in subjects) and set().union(*subjects) == names
