"""From statements to what they say: each statement becomes events, or is not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quod.translators.controlled.pddl.counting import counted
from quod.translators.controlled.pddl.lexicon import Lexicon, Rule, State
from quod.translators.controlled.pddl.patterns import NAME, Pattern, number, split_names
from quod.translators.controlled.pddl.references import References, Referred, singular, token
from quod.translators.controlled.pddl.sentences import Statement, statements

__all__ = ["Count", "Event", "Mention", "Said", "Stated", "Understood", "read"]

_COUNTED = re.compile(
    r"(?:there (?:is|are)|you have|you control|you see|we have|i have|you are given|given are) (?P<rest>.+)"
)
_IS_A = re.compile(rf"(?P<name>{NAME}) is (?:a|an|the) (?P<noun>.+)")
_ARE = re.compile(
    r"(?P<subject>.+?) (?:(?P<end>(?:should|must|has to|have to|needs to|need to)(?: both| all)? be)|(?:is|are))"
    r"(?: both| all)? (?P<states>.+)"
)
_DETERMINER = re.compile(
    r"^(?:all of the |all of your |all the |all your |both of your |both your |both |the |all |your |every |each |my )"
)
_WISH = re.compile(
    r"(?:please )?(?:(?:find|give|make|compute|show|write)(?: me| us)? (?:a|an|the|any) (?:(?P<best>shortest|optimal|"
    r"best|cheapest|minimal) )?(?:valid )?(?:plan|solution|sequence of actions|sequence of moves)"
    r"|what is (?:a|an|the) (?:(?P<best2>shortest|optimal|best|cheapest) )?plan"
    r"|how (?:can|do) (?:you|i|we) (?:do|reach|achieve) (?:it|this|that|the goal))"
    r"(?P<best3> with (?:as few (?:steps|actions|moves) as possible|the fewest (?:steps|actions|moves)|minimal cost|"
    r"the lowest cost))?(?: (?:that|which) (?:reaches|achieves) the goal| to (?:reach|achieve) the goal)?"
)
_FEWEST = re.compile(
    r"(?:please )?use (?:as few (?:steps|actions|moves) as possible|the fewest (?:steps|actions|moves)(?: possible)?)"
    r"|(?:please )?minimi[sz]e the (?:number of (?:steps|actions|moves)|total cost|cost)"
)
_FIRST = re.compile(r"^(?:initially|at the start|at first|in the beginning|at the beginning|now|currently),? ")
_LAST = re.compile(r"^(?:in the end|at the end|finally|eventually),? ")
_AIM = re.compile(
    r"^(?:(?:(?:the|your|my|our) )?goal(?: state)?(?::| is(?: that|:))|(?:i|we|you) want that"
    r"|(?:make sure|ensure) that) "
)
_SPLIT = re.compile(r": |, and |, where |, but |, | and | but |; ")
_VERB = re.compile(r"(?P<subject>.+?) (?:is|are|has|have|should|must)\b")
_VERB_FIRST = re.compile(r"(?:is|are|has|have|should|must)\b")
_GOAL = re.compile(r"(?:the|your|my|our) goal\b")
_MAX_SPLITS = 60


@dataclass(frozen=True, slots=True)
class Mention:
    """A name and the kind it is used as."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of a kind."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Said:
    """A rule that matched, with its slots filled: names, lists of names, numbers."""

    rule: Rule
    slots: tuple[tuple[str, str], ...]
    in_goal: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """An adjective said of a name, or of all members of a kind."""

    state: State
    name: str | None
    kind: str
    in_goal: bool
    single: bool = False
    """Whether the words speak of one member, without its name: "the shaker"."""
    both: bool = False
    """Whether they speak of both, so that there are two."""
    slots: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a plan, or the best one."""

    best: bool


Event = Mention | Count | Referred | Said | Stated | Wish


@dataclass(slots=True)
class Understood:
    """What a text says, by statement, and the statements that were not understood."""

    events: list[tuple[Event, Statement]] = field(default_factory=list)
    failed: list[Statement] = field(default_factory=list)
    total: int = 0
    best: bool = False

    @property
    def share(self) -> float:
        """The part of the text that was understood, by characters."""
        length = sum(s.end - s.start for s in self.failed)
        whole = length + sum(end - start for start, end in {(s.start, s.end) for _, s in self.events})
        return 1 - length / whole if whole else 0.0


def read(text: str, lexicon: Lexicon) -> Understood:
    """Read a text by a lexicon."""
    reader = _Reader(lexicon)
    out = Understood()
    for statement in statements(text):
        out.total += 1
        events = None if statement.too_long else reader.statement(statement.text)
        if events is None:
            out.failed.append(statement)
            continue
        for event in events:
            if isinstance(event, Wish):
                out.best = out.best or event.best
            out.events.append((event, statement))
        reader.learn(events)
    return out


class _Reader:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.kind_of: dict[str, str] = {n: k.name for k in lexicon.kinds.values() for n in k.fixed}
        self.nouns = {noun for kind in lexicon.kinds.values() for noun in kind.nouns}
        self.in_goal = False
        self.of_goal = False
        """Whether the sentence is about the goal, all of it."""
        self.begun = False
        """Whether something of the start has been told: what follows "your goal is to …" is then of the goal."""
        self.budget = 0
        self.references = References(lexicon)

    def statement(self, text: str) -> list[Event] | None:
        """The events of one statement, or None."""
        self.budget = _MAX_SPLITS
        first = _FIRST.match(text)
        if first:
            self.in_goal = False
            text = text[first.end() :]
        last = _LAST.match(text) or _AIM.match(text)
        if last:
            self.in_goal = True
            text = text[last.end() :]
        self.of_goal = bool(_GOAL.match(text))
        before = self.in_goal
        events = self._clause(text)
        self.in_goal = before or (self.of_goal and self.begun and events is not None)
        return events

    def learn(self, events: list[Event]) -> None:
        """Remember what the names of understood statements are."""
        for event in events:
            if isinstance(event, Mention):
                self.kind_of.setdefault(event.name, event.kind)
            elif isinstance(event, Said) and event.rule.opens_goal:
                self.in_goal = True
            if isinstance(event, Said | Stated) and not event.in_goal:
                self.begun = self.begun or isinstance(event, Stated) or bool(event.rule.facts)

    def _clause(self, text: str) -> list[Event] | None:
        whole = self._whole(text)
        if whole is not None:
            return whole
        for match in _SPLIT.finditer(text):
            if self.budget <= 0:
                return None
            self.budget -= 1
            left = self._whole(text[: match.start()])
            if left is None:
                continue
            before = dict(self.kind_of), self.in_goal
            self.learn(left)
            self.in_goal = self.in_goal or self.of_goal
            right = self._rest(text[: match.start()], text[match.end() :])
            if right is not None:
                return left + right
            self.kind_of, self.in_goal = before
        return None

    def _rest(self, left: str, right: str) -> list[Event] | None:
        """What follows "and": a statement, or the second of "the robot is here and carries a block"."""
        right = right.removeprefix("that ") if self.in_goal else right
        subject = _VERB.match(left)
        shared = f"{subject['subject']} {right}" if subject else right
        if _VERB_FIRST.match(right):
            return self._clause(shared)
        found = self._clause(right)
        return found if found is not None or subject is None else self._clause(shared)

    def _whole(self, text: str) -> list[Event] | None:
        text = text.strip()
        if not text:
            return None
        events = self._plainly(text)
        if events is None:
            shorter = self.references.without(text, self._is_one)
            events = self._plainly(shorter) if shorter != text else None
        return events

    def _plainly(self, text: str) -> list[Event] | None:
        wish = _WISH.fullmatch(text)
        if wish:
            return [Wish(any(wish[g] for g in ("best", "best2", "best3")))]
        if _FEWEST.fullmatch(text):
            return [Wish(True)]
        if any(p.regex.fullmatch(text) for p in self.lexicon.ignore):
            return []
        for rule in self.lexicon.rules:
            events = self._by_rule(rule, text)
            if events is not None:
                return events
        return self._counts(text) or self._is_a(text) or self._states(text)

    # --- rules --------------------------------------------------------------------------------------------------
    def _by_rule(self, rule: Rule, text: str) -> list[Event] | None:
        for pattern in rule.patterns:
            match = pattern.regex.fullmatch(text)
            if not match:
                continue
            slots = tuple((slot, match[slot]) for slot in pattern.slots if match[slot] is not None)
            events = self._slots(pattern, slots)
            told = dict(slots)
            if events is None or any(
                number(told[n]) != len(split_names(told[names])) for n, names in rule.lengths if n in told
            ):
                continue
            events += [Count(kind, number(told[slot])) for slot, kind in rule.counts if slot in told]
            for slot, kind in rule.reaches:
                if slot in told:
                    events.append(Count(kind, number(told[slot]) - self.lexicon.kinds[kind].start + 1))
            return [*events, Said(rule, slots, self.in_goal)]
        return None

    def _slots(self, pattern: Pattern, slots: tuple[tuple[str, str], ...]) -> list[Event] | None:
        """What the names in the slots are, or None where one cannot be what its slot asks for."""
        events: list[Event] = []
        for slot, words in slots:
            kinds = pattern.slots[slot]
            for name in (split_names(words) if slot in pattern.lists else [words]) if kinds else ():
                kind = self._kind(name, kinds)
                spoken = token(name)
                if kind is None or (spoken and spoken[0] == "all" and slot not in pattern.lists):
                    return None
                events.append(Referred(kind) if spoken else Mention(name, kind))
        return events

    def _kind(self, name: str, kinds: tuple[str, ...]) -> str | None:
        """Which of the kinds a name is of, if it can be of one."""
        spoken = token(name)
        if spoken and spoken[1] in self.lexicon.kinds:
            return spoken[1] if spoken[1] in kinds else None
        known = self.kind_of.get(name)
        if known is not None:
            return known if known in kinds else None
        if name in _NOT_NAMES or name in self.nouns:
            return None
        return next((k for k in kinds if self.lexicon.kinds[k].named.fullmatch(name)), None)

    # --- "there are 3 rooms and 4 balls" --------------------------------------------------------------------------
    def _counts(self, text: str) -> list[Event] | None:
        match = _COUNTED.fullmatch(text)
        found = (
            counted(match["rest"], self.lexicon.joiners, self._noun, self._kind_free, self._plain) if match else None
        )
        if found is None:
            return None
        counts: list[Event] = [Count(kind, n) for kind, n, _ in found]
        return counts + [Mention(name, kind) for kind, _, names in found for name in names]

    def _plain(self, name: str, kind: str) -> bool:
        """Whether a name is one of that kind by its looks, as crate1 is a crate."""
        return self._kind_free(name, kind) and self.lexicon.kinds[kind].plain and self._kind(name, (kind,)) == kind

    def _kind_free(self, name: str, kind: str) -> bool:
        return name not in _NOT_NAMES and name not in self.nouns and self.kind_of.get(name, kind) == kind

    def _is_one(self, name: str, kind: str) -> bool:
        """Whether "crate x" can be said of a name: it is a crate by what was said, or by its looks."""
        return self.kind_of.get(name) == kind or self._plain(name, kind)

    def _noun(self, text: str) -> str | None:
        text = _DETERMINER.sub("", text.strip())
        return next((k.name for k in self.lexicon.kinds.values() if text in k.nouns), None)

    def _is_a(self, text: str) -> list[Event] | None:
        match = _IS_A.fullmatch(text)
        kind = self._noun(match["noun"]) if match else None
        if match is None or kind is None or not self._kind_free(match["name"], kind):
            return None
        return [Mention(match["name"], kind)]

    # --- "the shaker and shot glasses are clean, empty, and on the table" ------------------------------------------
    def _states(self, text: str) -> list[Event] | None:
        match = _ARE.fullmatch(text)
        if not match:
            return None
        subjects = self._subjects(match["subject"])
        if subjects is None:
            return None
        words = [w for w in re.split(r", and |, but |, | and | but ", match["states"]) if w]
        events: list[Event] = []
        for name, kind, single in subjects:
            if name is not None:
                events.append(Mention(name, kind))
            elif single:
                events.append(Referred(kind))
            for word in words:
                found = self._state(kind, word)
                if found is None or (found[0].zipped and name is not None):
                    return None
                state, slots, mentions = found
                both = name is None and bool(re.search(r"\bboth\b", text))
                goal = self.in_goal or bool(match["end"])
                events += [*mentions, Stated(state, name, kind, goal, single, both, slots)]
        return events

    def _state(self, kind: str, word: str) -> tuple[State, tuple[tuple[str, str], ...], list[Event]] | None:
        for state in self.lexicon.states:
            for pattern in state.patterns if kind in state.kinds else ():
                match = pattern.regex.fullmatch(word)
                slots = tuple((slot, match[slot]) for slot in pattern.slots if match[slot] is not None) if match else ()
                mentions = self._slots(pattern, slots)
                if match and mentions is not None:
                    return state, slots, mentions
        return None

    def _single(self, text: str, kind: str) -> bool:
        """Whether a noun phrase is in the singular and speaks of one: "the shaker", not "every shaker"."""
        noun = _DETERMINER.sub("", text.strip())
        one = singular(noun, self.lexicon.kinds[kind].nouns)
        return one and not re.match("(every|each|all) ", text.strip())

    def _subjects(self, text: str) -> list[tuple[str | None, str, bool]] | None:
        kind = self._noun(text)
        if kind:
            return [(None, kind, self._single(text, kind))]
        out: list[tuple[str | None, str, bool]] = []
        for part in re.split(r", and |, | and ", text):
            kind = self._noun(part)
            if kind:
                out.append((None, kind, self._single(part, kind)))
                continue
            name = part.strip()
            known = self._kind(name, tuple(self.lexicon.kinds)) if re.fullmatch(NAME, name) else None
            if known is None:
                return None
            spoken = token(name)
            out.append((None, known, spoken[0] == "the") if spoken else (name, known, False))
        return out


_NOT_NAMES = frozenset(
    "the an and or is are it they them this that these those there which who whom what you your all every each some no "
    "not none both other another be in on at to of from with for by "
    "he him his she her hers its itself we us our me my mine their theirs themselves himself herself "
    "nothing something anything everything nobody somebody anybody everybody noone someone anyone everyone "
    "any either neither only just also too most many few several half much more less least enough rest others same "
    "one ones two three four five six seven eight nine ten zero first second third last next previous "
    "here elsewhere somewhere nowhere anywhere everywhere where when then now never always still again "
    "was were been will would can could may might must shall should has have had do does did before after even "
    "than as but if unless until while except without into onto over under above below between beside".split()
)
"""Words that stand for things, or join them, and are the name of none."""
