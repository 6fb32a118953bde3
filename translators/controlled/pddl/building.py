"""From what was said to a PDDL problem: objects, facts, goals, and what is missing."""

from __future__ import annotations

import itertools

from quod.translators.controlled.pddl import codes
from quod.translators.controlled.pddl.closing import close
from quod.translators.controlled.pddl.facts import filled
from quod.translators.controlled.pddl.lexicon import Lexicon, Rule, State
from quod.translators.controlled.pddl.members import gather, resolved
from quod.translators.controlled.pddl.patterns import number, split_names
from quod.translators.controlled.pddl.reading import Said, Stated, Understood
from quod.translators.controlled.pddl.sentences import Statement
from quod.translators.controlled.pddl.symmetry import alike
from quod.translators.controlled.pddl.work import Built, Row, Work

__all__ = ["Built", "Row", "build"]


def build(lexicon: Lexicon, said: Understood, rows: list[Row]) -> Built:
    """Put everything together."""
    return _Builder(lexicon, said, rows).run()


class _Builder:
    def __init__(self, lexicon: Lexicon, said: Understood, rows: list[Row]) -> None:
        self.work = Work(lexicon, said, rows)
        self.out = self.work.out
        self.paired: list[tuple[list[str], frozenset[str], Statement]] = []
        """Facts and goals said of several things with several others, one by one."""
        self.found_by: set[str] = set()
        """Names by which the words speak of other things: "replace w1" is about its hub."""
        self.through: set[str] = set()
        """What is said of these other things."""
        self.goals_at: set[int] = set()
        """Where the sentences that tell goals begin."""
        self.said_at: dict[str, list[Statement]] = {}
        """The sentences that tell a fact of the start."""

    def run(self) -> Built:
        gather(self.work)
        self._say()
        for row in self.work.rows:
            self._row(row)
        close(self.work)
        self._pairs()
        self._repeated()
        if not self.out.goals:
            self.out.diagnostics.append(codes.NO_GOAL.error("the words do not say what is to be reached"))
        return self.out

    # --- what holds -----------------------------------------------------------------------------------------------
    def _say(self) -> None:
        goals_wanted: list[tuple[int, Statement]] = []
        later: list[tuple[Said | Stated, Statement]] = []
        for event, statement in self.work.said.events:
            if isinstance(event, Said) and event.rule.counts_goals:
                goals_wanted.append((number(dict(event.slots)[event.rule.counts_goals]), statement))
            if isinstance(event, Said | Stated):
                # what is told of "the others" is known when the rest has been told
                told = event.rule if isinstance(event, Said) else event.state
                if any(" with" in source for _, source in told.loops):
                    later.append((event, statement))
                else:
                    self._event(event, statement)
        for event, statement in sorted(later, key=_of_others):
            self._event(event, statement)
        for wanted, statement in goals_wanted:
            if wanted != len(self.out.goals):
                message = f"the words announce {wanted} goals, and {len(self.out.goals)} follow"
                self.work.count_error(message, statement.words)

    def _event(self, event: Said | Stated, statement: Statement) -> None:
        if isinstance(event, Said):
            self._rule(event, statement)
        else:
            self._state(event, statement)

    def _rule(self, event: Said, statement: Statement) -> None:
        rule = event.rule
        if rule.one and len(self.work.members[rule.one]) > 1:
            message = f"'{statement.words}' speaks of one {rule.one}, and there are {len(self.work.members[rule.one])}"
            self.work.count_error(message, statement.words)
        kinds = {slot: k for p in rule.patterns for slot, k in p.slots.items()}
        lists = {slot for p in rule.patterns for slot in p.lists}
        facts = [(fact, event.in_goal) for fact in rule.facts] + [(fact, True) for fact in rule.goals]
        values = [(fact, False) for fact in rule.values]
        for binding in self._choices(event.slots, kinds, lists, statement):
            self._told(rule, binding, facts, statement)
            if values:
                self._told(rule, binding, values, statement, again=True)
            if rule.closed and not event.in_goal:
                of_all = filled(rule.facts[0], {**binding, rule.closed: "*"})
                self.work.closed.setdefault((of_all, kinds[rule.closed], statement), set()).add(binding[rule.closed])

    def _choices(
        self, slots: tuple[tuple[str, str], ...], kinds: dict[str, tuple[str, ...]], lists: set[str], at: Statement
    ) -> list[dict[str, str]]:
        choices = []
        for slot, text in slots:
            names = split_names(text) if slot in lists else [text]
            chosen = (
                [one for name in names for one in resolved(self.work, name, at)] if kinds[slot] else [str(number(text))]
            )
            choices.append([(slot, name) for name in chosen])
        return [dict(chosen) for chosen in itertools.product(*choices)]

    def _state(self, event: Stated, statement: Statement) -> None:
        state, kind = event.state, event.kind
        names = [event.name] if event.name is not None else self.work.members[kind]
        if not names and any("{x}" in f for f in state.facts):
            self.work.count_error(f"'{statement.words}' speaks of {kind}, and there are none", statement.words)
        if event.single and len(names) > 1:
            message = f"'{statement.words}' speaks of one {kind}, and there are {len(names)}: say which"
            self.work.count_error(message, statement.words)
        if event.both and len(names) != 2:
            message = f"'{statement.words}' speaks of both, and of kind {kind} there are {len(names)}"
            self.work.count_error(message, statement.words)
        slots = {slot: k for p in state.patterns for slot, k in p.slots.items()}
        facts = [(fact, event.in_goal) for fact in state.facts]
        for binding in self._choices(event.slots, slots, set(), statement):
            if state.zipped:
                self._told(state, binding, facts, statement, (("x", kind),))
                continue
            for name in names or [""]:
                self._told(state, {**binding, "x": name}, facts, statement)

    def _told(
        self, told: Rule | State, binding: dict[str, str], facts: list[tuple[str, bool]], statement: Statement,
        first: tuple[tuple[str, str], ...] = (), again: bool = False,
    ) -> None:  # fmt: skip
        """Say the facts for every choice of what the words leave to kinds."""
        pairs: list[dict[str, str]] | None = [{}]
        zipped = (*first, *told.zipped)
        if zipped:
            pairs = self.work.zip(zipped)
            if pairs is None:
                self.work.count_error(self.work.zip_error(zipped), statement.words, "say which belongs to which")
        goal = any(is_goal for _, is_goal in facts)
        said: set[str] = set()
        with_what = any(" with " in source for _, source in told.loops)
        if with_what:
            self.found_by.update(binding.values())
        for pair in pairs or ():
            bounds = list(self.work.loop(told.loops, {**binding, **pair}, goal=goal))
            if with_what and len(bounds) != 1:
                what = "several things as of one" if bounds else "what the words have not said"
                message = f"'{statement.words}' speaks of {what}"
                self.out.diagnostics.append(codes.UNSAID.error(message, source=statement.words))
                break
            for bound in bounds:
                for template, is_goal in facts:
                    fact = self.work.fact(template, bound, statement.words, goal=is_goal)
                    said.add(fact)
                    if with_what:
                        self.through.add(fact)
                    if is_goal:
                        self.goals_at.add(statement.start)
                    elif not again:
                        self.said_at.setdefault(fact, []).append(statement)
        if zipped and pairs is not None and not (goal and said <= set(self.out.init)):
            self.paired.append(([kind for _, kind in zipped], frozenset(said), statement))

    def _pairs(self) -> None:
        """ "The tyres are on the hubs" says for each hub *a* tyre: which one must not matter.

        A goal that pairs them as they were at the start says "their hubs".
        """
        told_apart = {self.out.objects.get(name) for name in self.found_by}
        for kinds, said, statement in self.paired:
            # "replace w1", whose hub is one of the hubs: the hubs must be alike then, each with its nut
            if any(alike(self.work, kind, said) for kind in kinds if kind not in told_apart):
                continue
            if any(
                alike(self.work, kind, said | self.through, self._beside(kind) - set(kinds))
                for kind in (kinds if told_apart & set(kinds) else ())
                if kind not in told_apart
            ):
                continue
            message = f"'{statement.words}' does not say which belongs to which, and they are not alike"
            self.out.diagnostics.append(codes.UNSAID.error(message, source=statement.words))
            self.out.question = self.out.question or f"Which belongs to which in '{statement.words}'?"

    def _beside(self, kind: str) -> set[str]:
        """The kinds that are told one by one with a kind."""
        return {other for kinds, _, _ in self.paired if kind in kinds for other in kinds if other != kind}

    def _repeated(self) -> None:
        """ "The boot is closed." once more, after what is to be done: at the start, or at the end?"""
        if not self.goals_at:
            return
        first = min(self.goals_at)
        for told in self.said_at.values():
            again = [s for s in told if s.start >= first]
            if again and any(s.start < first for s in told):
                words = again[0].words
                message = f"'{words}' repeats after the goal what was said of the start"
                self.out.diagnostics.append(codes.UNSAID.error(message, source=words))
                self.out.question = self.out.question or f"Is this to hold at the end, too: '{words}'?"
                return

    def _row(self, row: Row) -> None:
        for templates, goal in ((row.table.facts, False), (row.table.goals, True), (row.table.values, False)):
            for template in templates:
                self.work.fact(template, row.cells, row.where, goal=goal)


def _of_others(item: tuple[Said | Stated, Statement]) -> bool:
    """Whether it is of the others, who are known last."""
    event = item[0]
    told = event.rule if isinstance(event, Said) else event.state
    return any(" without " in source for _, source in told.loops)
