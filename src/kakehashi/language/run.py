"""One run of the translator over a list of segments: batches, checks, retries, order.

Sentences go to the engine in windows, sorted by length so that a batch is full; results come
out in reading order. The same sentence is translated once in a run.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from kakehashi.documents.base import Mark, Segment
from kakehashi.engine.base import Completion, DoneEvent, Engine, Event, Request, Usage
from kakehashi.engine.manifest import Task
from kakehashi.language.align import align, wanted
from kakehashi.language.checks import check
from kakehashi.language.figures import Prepared, alone, finish, keeps_wide, prepare, settle
from kakehashi.language.flags import RETRY_WEIGHT, Flag, flag, weight
from kakehashi.language.glossary import Glossary
from kakehashi.language.memory import Found, TranslationMemory
from kakehashi.language.pieces import (
    LABELS,
    Piece,
    flows,
    pieces_of,
    target_lead,
    target_tail,
)
from kakehashi.language.results import (
    Change,
    Language,
    Origin,
    Progress,
    ProgressCallback,
    SegmentTranslation,
    SentenceTranslation,
    Style,
)
from kakehashi.language.style import Held
from kakehashi.language.telling import Telling, telling

# Sentences per window, in units of what the engine decodes side by side: long enough to keep it
# busy, short enough to show the first result soon.
_WINDOW: Final = 2
# Kinds of segments that stand alone: `translate_batch` and `line_segments` make them.
APART: Final = frozenset(("text", "line"))
_ENDING: Final = re.compile(r"[。．.!?！？…」』）)\"'”’:：]$")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do; checked by the caller."""

    engine: Engine
    task: Task
    to: Language
    source: Language | None = None
    limit: int = 600
    join: int = 1
    style: Style | None = None
    glossary: Glossary | None = None
    memory: TranslationMemory | None = None


@dataclass(slots=True)
class _Job:
    """A sentence to be translated, once for all places where it stands.

    `plain` jobs are words under a mark: no checks, no retry. The model reads `prepared`, the
    body with its terms put in and its figures written by rule. `force` means that a term of the
    glossary is still missing after the tries.
    """

    body: str
    prepared: Prepared
    protected: tuple[str, ...] = ()
    plain: bool = False
    tries: int = 0
    usage: Usage = field(default_factory=Usage)
    best: tuple[str, tuple[Flag, ...]] | None = None
    changes: tuple[Change, ...] = ()
    done: bool = False
    told: bool = False
    origin: Origin = "model"
    terms: Telling | None = None
    found: Found | None = None
    force: bool = False


@dataclass(slots=True)
class _Part:
    """A piece of a segment with its job (None: copied) and its marks, relative to the body."""

    piece: Piece
    job: _Job | None
    marks: tuple[Mark, ...]
    helpers: dict[str, _Job]


@dataclass(frozen=True, slots=True)
class _Made:
    """A finished piece: its translation, and its marks relative to its text."""

    sentence: SentenceTranslation
    marks: tuple[Mark, ...]
    extra: Usage


class Run:
    """See the module. `events` may be called once."""

    def __init__(
        self, plan: Plan, segments: Sequence[Segment], progress: ProgressCallback | None = None
    ) -> None:
        self._plan = plan
        self._segments = segments
        self._progress = progress
        self._started = time.monotonic()
        self._jobs: dict[tuple[str, tuple[str, ...], bool], _Job] = {}
        self._queue: deque[_Job] = deque()
        self._wide = keeps_wide(segment.text for segment in segments)
        # Lines and texts that have nothing to do with each other have no style in common.
        whole = plan.style is not None or not all(one.kind in APART for one in segments)
        self._held = Held(plan.style, (one.text for one in segments)) if whole else None
        self._overhead = len(plan.task.template) + sum(
            plan.engine.count_tokens(part)
            for part in plan.task.render("")
            if isinstance(part, str) and part
        )
        self._parts = [self._prepare(segment) for segment in segments]
        self._flow = [
            flows(segment.text, [part.piece for part in parts])
            for segment, parts in zip(segments, self._parts, strict=True)
        ]
        self._sentences = sum(1 for parts in self._parts for part in parts if part.job)
        self._told = Progress(0, len(segments), 0, self._sentences, 0, Usage(), 0.0)

    def events(self) -> Iterator[tuple[int, SentenceTranslation] | SegmentTranslation]:
        """Sentences (with the position of their segment) and segments, in reading order.

        Raises:
            EngineError: the engine failed.
        """
        place = 0
        made: list[_Made] = []
        for _ in self._work():
            while place < len(self._parts):
                parts = self._parts[place]
                while len(made) < len(parts) and _ready(parts[len(made)]):
                    made.append(self._make(place, len(made)))
                    yield place, made[-1].sentence
                if len(made) < len(parts):
                    break
                segment = _assemble(self._segments[place], parts, made)
                place, made = place + 1, []
                self._tell(segment)
                yield segment

    def _work(self) -> Iterator[None]:
        """Run all jobs; yields whenever something may have become ready."""
        yield
        engine = self._plan.engine
        retries: list[_Job] = []
        size = max(1, engine.parallel)
        while self._queue or retries:
            fresh: list[_Job] = []
            while self._queue and len(retries) + len(fresh) < size:
                fresh.append(self._queue.popleft())
            if size > engine.parallel:
                fresh.sort(key=lambda job: len(job.body), reverse=True)
            # What is tried again goes first: the results behind it are waiting for it.
            batch, retries = retries + fresh, []
            forced: list[_Job] = []
            size = _WINDOW * max(1, engine.parallel)
            with _generating(engine, [self._request(job) for job in batch]) as events:
                for event in events:
                    if not isinstance(event, DoneEvent):
                        continue
                    job = batch[event.index]
                    self._judge(job, event.completion)
                    if job.force:
                        forced.append(job)
                    elif not job.done:
                        retries.append(job)
                    yield
            for job in forced:
                self._force(job)
                yield

    def _prepare(self, segment: Segment) -> list[_Part]:
        plan = self._plan
        keep = [(mark.start, mark.end) for mark in segment.marks if mark.protected]
        room = plan.engine.context_tokens - self._overhead - plan.task.max_tokens_extra
        budget = max(16, int(room / (1 + plan.task.max_tokens_ratio)))
        limit = plan.limit
        while True:
            pieces = pieces_of(
                segment.text, plan.to, plan.source, limit=limit, join=plan.join, keep=keep
            )
            heavy = any(
                len(piece.body.encode()) > budget and plan.engine.count_tokens(piece.body) > budget
                for piece in pieces
                if not piece.copy
            )
            if not heavy or limit <= 16:
                break
            limit //= 2
        pieces = self._known(segment, pieces)
        parts = []
        for piece in pieces:
            marks = _local_marks(segment, piece)
            job = None
            helpers: dict[str, _Job] = {}
            if not piece.copy and not (piece.label and piece.body in LABELS):
                protected = tuple(
                    piece.body[mark.start : mark.end].strip() for mark in marks if mark.protected
                )
                job = self._job(piece.body, protected)
                helpers = {
                    text: self._job(text, plain=True)
                    for text in wanted(piece.body, marks)
                    if pieces_of(text, plan.to, plan.source)[0].copy is False
                }
            parts.append(_Part(piece, job, marks, helpers))
        return parts

    def _known(self, segment: Segment, pieces: list[Piece]) -> list[Piece]:
        """The whole segment as one piece if the memory has it as one."""
        memory, text = self._plan.memory, segment.text.strip()
        if memory is None or len(pieces) < 2 or memory.look_up(text, self._plan.to).exact is None:
            return pieces
        start = segment.text.index(text)
        end = start + len(text)
        return [Piece(segment.text[:start], text, segment.text[end:], start, end)]

    def _job(self, body: str, protected: tuple[str, ...] = (), *, plain: bool = False) -> _Job:
        key = (body, protected, plain)
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = _Job(body, Prepared(body), protected, plain)
            self._look_up(job)
            if not job.done and (written := alone(body, self._read(job))) is not None:
                job.best, job.done = (written, ()), True
                self._finish(job)
            if not job.done:
                self._queue.append(job)
        return job

    def _look_up(self, job: _Job) -> None:
        """What the memory and the glossary know about a sentence; it may be all there is to do."""
        plan = self._plan
        if plan.memory is not None and not job.plain:
            job.found = plan.memory.look_up(job.body, plan.to)
            if (exact := job.found.exact) is not None:
                flags = (flag("memory-numbers"),) if exact.numbers else ()
                job.best, job.origin, job.done = (exact.target, flags), "memory", True
                return
        job.terms = telling(job.body, plan.glossary, plan.to, job.protected)
        if job.terms is not None and (whole := job.terms.whole) is not None:
            job.best, job.origin, job.done = (whole, ()), "glossary", True

    def _request(self, job: _Job) -> Request:
        task, engine = self._plan.task, self._plan.engine
        # Only terms may be put in another way than at first.
        body = (job.prepared if job.terms is None else self._read(job)).text
        tokens = engine.count_tokens(body)
        room = engine.context_tokens - self._overhead - tokens - 4
        first = job.tries == 0 or (job.terms is not None and job.terms.varied)
        job.tries += 1
        return Request(
            parts=task.render(body),
            max_tokens=max(1, min(task.max_tokens(tokens), room)),
            stop=task.stop,
            temperature=0.0 if first else 0.6,
            top_p=1.0 if first else 0.9,
            seed=0 if first else 1,
            repeat_penalty=1.0 if first else 1.15,
            stream=False,
        )

    def _judge(self, job: _Job, completion: Completion) -> None:
        job.usage += completion.usage
        target, flags, changes = self._checked(job, completion)
        if job.plain:
            job.best, job.done = (target, ()), True
            return
        if job.best is None or weight(flags) < weight(job.best[1]):
            job.best, job.changes = (target, flags), changes
        job.done = job.tries > 1 or weight(flags) < RETRY_WEIGHT
        if job.terms is not None and job.terms.missing(job.best[0]):
            job.force = job.tries > 1 or not job.terms.vary(target)
            job.done = False
        if job.done:
            self._finish(job)

    def _read(self, job: _Job) -> Prepared:
        """What the model reads: the terms put in, then the figures written by rule."""
        body, keep = job.body, job.protected
        if job.terms is not None:
            body = job.terms.asked
            keep = (*keep, *(hit.target.text for hit in job.terms.hits))
        job.prepared = prepare(body, self._plan.to, keep)
        return job.prepared

    def _checked(
        self, job: _Job, completion: Completion
    ) -> tuple[str, tuple[Flag, ...], tuple[Change, ...]]:
        """What came out, made tidy, with what is wrong about it and what a rule wrote."""
        target = tidy(job.body, completion.text, self._plan.to)
        target, changes = settle(job.body, target, job.prepared, self._plan.to, wide=self._wide)
        if job.plain:
            return target, (), changes
        if job.terms is not None:
            target = job.terms.mended(target)
        flags = check(job.body, target, self._plan.to, stop_reason=completion.stop_reason)
        room = target
        for text in job.protected:
            if text and text not in room:
                flags = (*flags, flag("protected-lost", text))
            room = room.replace(text, "\0", 1)
        if job.terms is not None:
            flags = job.terms.flags(target, flags)
        return target, flags, changes

    def _finish(self, job: _Job) -> None:
        if job.best is not None:
            target, flags, changes = finish(job.body, *job.best, self._plan.to)
            job.best, job.changes = (target, flags), job.changes + changes

    def _force(self, job: _Job) -> None:
        """The last resort for a term: see `telling`."""
        if job.terms is not None and job.best is not None:
            task, engine = self._plan.task, self._plan.engine
            written: dict[str, tuple[Change, ...]] = {}

            def request(begins: str) -> Request:
                body = self._read(job).text
                tokens = engine.count_tokens(body)
                room = engine.context_tokens - self._overhead - tokens - 4
                most = max(1, min(task.max_tokens(tokens), room))
                return Request(task.render(body), most, task.stop, logprobs=True, begins=begins)

            def judge(made: Completion) -> tuple[str, tuple[Flag, ...]]:
                target, flags, changes = self._checked(job, made)
                written[target] = changes
                return target, flags

            job.best, usage = job.terms.force(job.best, engine, request, judge)
            job.changes = written.get(job.best[0], job.changes)
            job.usage += usage
            self._finish(job)
        job.done = True

    def _make(self, place: int, index: int) -> _Made:
        parts = self._parts[place]
        part = parts[index]
        piece = part.piece
        text = self._segments[place].text
        to = self._plan.to
        marks, extra = part.marks, Usage()
        flags: tuple[Flag, ...] = ()
        changes: tuple[Change, ...] = ()
        usage = Usage()
        origin: Origin = "copied"
        if part.job is None:
            target = text[piece.start : piece.end]
            if piece.label and to == "en":
                target = LABELS.get(target, target)
            if piece.foreign:
                flags = (flag("other-language", piece.body[:40]),)
        else:
            origin = part.job.origin
            if part.job.told and origin == "model":
                origin = "repeated"
            (target, flags), usage = _taken(part.job)
            changes = part.job.changes
            if to == "ja" and self._held is not None and origin != "memory":
                target, mixed, held = self._held.hold(target)
                flags, changes = flags + mixed, changes + held
            if marks:
                alone = {}
                for words, job in part.helpers.items():
                    (alone[words], _), cost = _taken(job)
                    extra += cost
                # the aligner says again, and exactly, which protected texts are lost
                flags = tuple(one for one in flags if one.code != "protected-lost")
                aligned = align(piece.body, target, marks, to, alone)
                target, marks, flags = aligned.target, aligned.marks, flags + aligned.flags
            if piece.cut:
                flags = (*flags, flag("sentence-cut"))
        following = parts[index + 1].piece if index + 1 < len(parts) else None
        done = part.job
        lead = target_lead(piece, to) if part.job or piece.label else piece.lead
        tail = target_tail(piece, following, target, to, self._flow[place])
        sentence = SentenceTranslation(
            piece.body,
            target,
            lead + target + tail,
            origin,
            flags,
            usage,
            done is not None and (done.tries > 1 or done.force),
            changes,
            tuple(done.terms.uses(target)) if done is not None and done.terms is not None else (),
            done.found.matches if done is not None and done.found is not None else (),
        )
        shifted = tuple(
            Mark(mark.start + len(lead), mark.end + len(lead), mark.key, mark.protected)
            for mark in marks
        )
        return _Made(sentence, shifted, extra)

    def _tell(self, segment: SegmentTranslation) -> None:
        before = self._told
        self._told = Progress(
            before.segments_done + 1,
            before.segments_total,
            sum(1 for one in segment.sentences if one.origin != "copied") + before.sentences_done,
            before.sentences_total,
            before.flags + len(segment.flags),
            before.usage + segment.usage,
            time.monotonic() - self._started,
        )
        if self._progress is not None:
            self._progress(self._told)


@contextmanager
def _generating(engine: Engine, requests: Sequence[Request]) -> Iterator[Iterator[Event]]:
    """The engine's events, cancelled when the block is left early."""
    events = engine.generate(requests)
    try:
        yield events
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def tidy(source: str, target: str, to: Language) -> str:
    """One line, and a full stop at the end exactly where the source has one."""
    target = re.sub(r"\s*[\r\n]+\s*", " ", target.strip())
    if not target:
        return target
    ends = _ENDING.search(source.rstrip()) is not None
    if not ends:
        return target.rstrip("。") if to == "ja" else re.sub(r"(?<![.A-Z])\.$", "", target)
    if source.rstrip()[-1] in "。．." and not _ENDING.search(target):
        return target + ("。" if to == "ja" else ".")
    return target


def _taken(job: _Job) -> tuple[tuple[str, tuple[Flag, ...]], Usage]:
    """A job's result, and its usage the first time it is taken."""
    if job.best is None:
        raise RuntimeError("a sentence was taken before it was translated")
    usage = Usage() if job.told else job.usage
    job.told = True
    return job.best, usage


def _ready(part: _Part) -> bool:
    return (part.job is None or part.job.done) and all(job.done for job in part.helpers.values())


def _local_marks(segment: Segment, piece: Piece) -> tuple[Mark, ...]:
    """The marks of a segment that touch a piece, relative to its body.

    Only white space differs between the body and the text it came from, so that offsets are
    carried over by counting what is not white space.
    """
    if not segment.marks:
        return ()
    marks = []
    raw = segment.text[piece.start : piece.end]
    target = raw if piece.copy else piece.body
    solid = [index for index, char in enumerate(target) if not char.isspace()]
    for mark in segment.marks:
        point = mark.start == mark.end
        if mark.end < piece.start or mark.start > piece.end:
            continue
        if not point and (mark.end <= piece.start or mark.start >= piece.end):
            continue
        start, end = max(mark.start, piece.start), min(mark.end, piece.end)
        before = sum(1 for char in raw[: start - piece.start] if not char.isspace())
        upto = sum(1 for char in raw[: end - piece.start] if not char.isspace())
        if point:
            spot = solid[before] if before < len(solid) else len(target)
            marks.append(Mark(spot, spot, mark.key, mark.protected))
        elif upto > before:
            marks.append(Mark(solid[before], solid[upto - 1] + 1, mark.key, mark.protected))
    return tuple(marks)


def _assemble(segment: Segment, parts: list[_Part], made: list[_Made]) -> SegmentTranslation:
    """Put the pieces together; a mark over several sentences covers from the first to the last."""
    spans: dict[int, tuple[int, int]] = {}
    target = ""
    bounds: list[tuple[int, int]] = []
    for one in made:
        for mark in one.marks:
            start, end = mark.start + len(target), mark.end + len(target)
            if mark.key in spans:
                old = spans[mark.key]
                if old[0] == old[1]:
                    continue  # a point between two pieces: it stays with the first
                start, end = min(old[0], start), max(old[1], end)
            spans[mark.key] = (start, end)
        bounds.append((len(target), len(target) + len(one.sentence.text)))
        target += one.sentence.text
    for mark in segment.marks:
        if mark.key not in spans:  # it stands in white space or a bullet, outside of every body
            spot = 0
            for part, (_, stop) in zip(parts, bounds, strict=True):
                if part.piece.end <= mark.start:
                    spot = stop
            spans[mark.key] = (spot, spot)
    marks = tuple(Mark(*spans[mark.key], mark.key, mark.protected) for mark in segment.marks)
    usage = sum((one.sentence.usage + one.extra for one in made), Usage())
    flags = tuple(one for item in made for one in item.sentence.flags)
    return SegmentTranslation(
        segment.id,
        segment.text,
        target,
        segment.place,
        segment.kind,
        marks,
        tuple(one.sentence for one in made),
        flags,
        usage,
    )
