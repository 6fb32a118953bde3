"""The language-model translator: asks, reads, votes and mends. What the model writes is only ever parsed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from quod.core.diagnostics import Diagnostic, has_errors
from quod.core.errors import ModelError
from quod.core.faithfulness import Faithfulness, FaithfulnessLevel
from quod.core.formalism import Formalism
from quod.core.formalization import Formalization
from quod.core.model import JsonDict
from quod.core.problem import Problem
from quod.core.protocols import Backend, Equivalence, Translation
from quod.core.run import Run
from quod.translators.llm import codes
from quod.translators.llm.asking import compare_read_back
from quod.translators.llm.client import DEFAULT_MAX_TOKENS, ChatModel, Completion, Finish, Message, Usage
from quod.translators.llm.config import model_settings
from quod.translators.llm.coverage import coverage_of
from quod.translators.llm.fallback import escalate
from quod.translators.llm.grammar import grammar_for
from quod.translators.llm.meter import meter_of
from quod.translators.llm.prompting import VERSION, Prompter
from quod.translators.llm.reply import Reply, read_reply
from quod.translators.llm.vote import Ballot, vote

__all__ = ["LlmTranslator"]

_SAMPLING_TEMPERATURE = 0.7
_MOST_TOKENS = 4 * DEFAULT_MAX_TOKENS
_MOST_NAMED = 3


class LlmTranslator:
    """Translates into one formalism through a chat model. Implements :class:`quod.core.protocols.Translator`.

    ``schema`` is the JSON schema of a formal language that is JSON. With ``backend``, candidates
    (``problem.options.candidates``) are linted and grouped by its equivalence; without, only the first is asked for.
    ``staged`` and ``compare`` are as in :class:`.config.ModelSettings`, and taken from there where they are None.
    """

    def __init__(
        self,
        formalism: Formalism,
        model: ChatModel,
        *,
        schema: JsonDict | None = None,
        backend: Backend | None = None,
        examples: int = 3,
        user_examples: Path | None = None,
        max_tokens: int = DEFAULT_MAX_TOKENS,
        staged: bool | None = None,
        compare: bool | None = None,
    ) -> None:
        self.formalism = formalism
        self.name = f"llm/prompts-{VERSION} {model.name}"
        self._model = model
        self._backend = backend
        self._schema = schema if schema is not None or backend is None else backend.schema()
        self._prompter = Prompter(formalism, self._schema, examples, user_examples)
        self._max_tokens = max_tokens
        options = model_settings() if staged is None or compare is None else None
        self._held = options is not None and options.grammar != "off"
        self._staged = options.staged if staged is None and options else bool(staged)
        self._compare = options.compare if compare is None and options else bool(compare)
        self._mends = 0
        self._lock = threading.Lock()
        self._usage = Usage()

    @property
    def usage(self) -> Usage:
        """What the job's model calls have cost up to this translator's last."""
        return self._usage

    def translate(self, problem: Problem, run: Run) -> Translation:
        """See :class:`quod.core.protocols.Translator`. Raises ModelError when no model answered."""
        messages = self._opening(problem, run)
        wanted = problem.options.candidates if self._backend is not None else 1
        try:
            if wanted == 1:
                reply = self._ask(self._model, messages, problem, run, seed=problem.options.seed, temperature=0.0)
                return self._compared(self._translation(reply, problem), problem, run)
            return self._compared(self._by_vote(messages, problem, wanted, run), problem, run)
        finally:
            self._usage = meter_of(run).usage

    def mend(
        self, problem: Problem, previous: Formalization, diagnostics: tuple[Diagnostic, ...], run: Run
    ) -> Translation:
        """One round of repair: the model is shown its text and the diagnostics, with the failing spans marked.

        In a chain of models each further round of the same translator asks a stronger one.
        """
        with self._lock:
            step, self._mends = self._mends, self._mends + 1
        messages = self._prompter.mend(problem, previous.text, diagnostics)
        try:
            model = escalate(self._model, step)
            return self._translation(
                self._ask(model, messages, problem, run, seed=problem.options.seed + step, temperature=0.0), problem
            )
        finally:
            self._usage = meter_of(run).usage

    def _opening(self, problem: Problem, run: Run) -> tuple[Message, ...]:
        """The messages that ask for a first translation; with stages, after the first of them."""
        if not self._staged:
            return self._prompter.draft(problem)
        first = self._prompter.first_stage(problem)
        said = self._model.complete(first, seed=problem.options.seed, max_tokens=self._max_tokens, run=run)
        if said.finish_reason is not Finish.STOP or not said.text.strip():
            return self._prompter.draft(problem)
        return self._prompter.second_stage(problem, said.text.strip())

    def _compared(self, translation: Translation, problem: Problem, run: Run) -> Translation:
        """The translation with its read-back compared with the words, where that is wanted and can be done."""
        formalization, backend = translation.formalization, self._backend
        if not self._compare or formalization is None or backend is None or translation.faithfulness is None:
            return translation
        if has_errors(backend.lint(self._mended(formalization), problem)):
            return translation
        found = compare_read_back(problem, backend.read_back(self._mended(formalization), problem), self._model, run)
        if found.same is None:
            return translation
        if not found.same:
            return translation.model_copy(update={"diagnostics": (*translation.diagnostics, *found.diagnostics)})
        if translation.faithfulness.level is not FaithfulnessLevel.UNCHECKED:
            return translation
        read = {"level": FaithfulnessLevel.ROUND_TRIP, "note": f"read back and compared by {self._model.name}"}
        return translation.model_copy(update={"faithfulness": translation.faithfulness.model_copy(update=read)})

    def _translation(self, reply: Reply, problem: Problem) -> Translation:
        if reply.formalization is None:
            return Translation(diagnostics=reply.diagnostics, question=reply.question)
        coverage, doubts = coverage_of(problem, reply.formalization)
        return Translation(
            formalization=reply.formalization,
            faithfulness=Faithfulness(level=FaithfulnessLevel.UNCHECKED, coverage=coverage, note=self.name),
            diagnostics=(*reply.diagnostics, *doubts),
            question=reply.question,
        )

    def _by_vote(self, messages: tuple[Message, ...], problem: Problem, wanted: int, run: Run) -> Translation:
        backend = self._backend
        assert backend is not None
        replies: list[Reply] = []

        def equivalent(a: Formalization, b: Formalization) -> Equivalence:
            return backend.equivalent(a, b, problem, run)

        def candidates() -> Iterator[Formalization | None]:
            for number in range(wanted):
                # the first as for one candidate, so that it is the one the cache knows
                temperature = 0.0 if number == 0 else _SAMPLING_TEMPERATURE
                try:
                    reply = self._ask(
                        self._model, messages, problem, run, seed=problem.options.seed + number, temperature=temperature
                    )
                except ModelError:
                    # what the money or the time was enough for is voted on
                    if replies:
                        return
                    raise
                replies.append(reply)
                yield self._readable(reply, problem)

        ballot = vote(candidates(), wanted, equivalent)
        counted: JsonDict = {"classes": [len(c) for c in ballot.classes], "asked": ballot.asked}
        if ballot.sentences:
            counted["sentences"] = [
                {"words": s.words, "readings": list(s.readings), "votes": list(s.votes)} for s in ballot.sentences
            ]
        run.emit("voted", counted)
        if ballot.winner is None:
            # none could be read: the first one's faults are for the repair
            return self._translation(replies[0], problem)
        reply = next(r for r in replies if self._same(r, ballot.winner))
        translation = self._translation(reply.model_copy(update={"formalization": ballot.winner}), problem)
        return self._judged(translation, ballot, problem)

    def _same(self, reply: Reply, winner: Formalization) -> bool:
        return reply.formalization is not None and (
            reply.formalization.source_map == winner.source_map and self._mended(reply.formalization) == winner
        )

    def _readable(self, reply: Reply, problem: Problem) -> Formalization | None:
        """The candidate in clean notation if it has no errors."""
        if reply.formalization is None:
            return None
        assert self._backend is not None
        candidate = self._mended(reply.formalization)
        return None if has_errors(self._backend.lint(candidate, problem)) else candidate

    def _mended(self, formalization: Formalization) -> Formalization:
        assert self._backend is not None
        return formalization.model_copy(update={"text": self._backend.mend(formalization.text).text})

    def _judged(self, translation: Translation, ballot: Ballot, problem: Problem) -> Translation:
        faithfulness = translation.faithfulness
        assert faithfulness is not None
        if ballot.clear and len(ballot.classes[0]) * 2 > ballot.votes:
            level = faithfulness.model_copy(update={"level": FaithfulnessLevel.AGREED, "note": ballot.note})
            return translation.model_copy(update={"faithfulness": level})
        where = ballot.difference.difference if ballot.difference else ""
        apart = ballot.difference.sentences if ballot.difference else ()
        named = "".join(f"; {s}" for s in ballot.sentences[:_MOST_NAMED])
        words = f"independent translations differ in meaning ({ballot.note}{named})" + (f": {where}" if where else "")
        # that two could not be compared within the limits says nothing against either
        differ = ballot.difference is not None and ballot.difference.equivalent is False
        if differ:
            hint = "say which reading is meant, or put the text more plainly"
            doubt = codes.DISAGREEMENT.warning(words, hint=hint, source=next((d.words for d in apart if d.words), None))
        else:
            doubt = codes.NOT_COMPARED.info(f"the candidates could not be compared or were too few ({ballot.note})")
        update: dict[str, object] = {
            "faithfulness": faithfulness.model_copy(update={"note": ballot.note}),
            "diagnostics": (*translation.diagnostics, doubt),
        }
        if differ and ballot.tied and problem.options.attended and translation.question is None:
            asked = f"{where or 'its translations differ'}. Which is meant?"
            update["question"] = f"The text can be read in two ways: {where if apart else asked}"
        return translation.model_copy(update=update)

    def _ask(
        self,
        model: ChatModel,
        messages: tuple[Message, ...],
        problem: Problem,
        run: Run,
        *,
        seed: int,
        temperature: float,
    ) -> Reply:
        """One reply, with one more question where the first has no formal text or was cut off."""
        max_tokens = self._max_tokens
        grammar = grammar_for(self.formalism, problem) if self._held else None
        reply = Reply()
        for attempt in (1, 2):
            completion = model.complete(
                messages,
                schema=self._schema,
                grammar=grammar,
                temperature=temperature,
                seed=seed,
                max_tokens=max_tokens,
                run=run,
            )
            reply = self._read(completion, problem)
            if not reply.why or attempt == 2:
                break
            if completion.finish_reason is Finish.LENGTH:
                max_tokens = min(_MOST_TOKENS, 2 * max_tokens)
            else:
                messages = self._prompter.again(messages, completion.text, reply.why)
        return reply

    def _read(self, completion: Completion, problem: Problem) -> Reply:
        if completion.finish_reason is Finish.REFUSAL:
            said = codes.REFUSED.error(f"the model declined: {completion.text[:300]}")
            return Reply(diagnostics=(said,))
        if completion.finish_reason is Finish.FILTER:
            return Reply(diagnostics=(codes.FILTERED.error("the provider's content filter stopped the answer"),))
        if completion.finish_reason is Finish.LENGTH:
            # half a formal text may parse and mean something else: it is never used
            said = codes.TRUNCATED.error("the model's answer was cut off at the token limit")
            return Reply(diagnostics=(said,), why="It was cut off. Be briefer.")
        return read_reply(completion.text, self.formalism, problem.text, schema=self._schema, parsed=completion.parsed)
