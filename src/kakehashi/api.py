"""The Python API: one class over model, engine, documents and skills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kakehashi.documents import open_document
from kakehashi.documents.base import Document
from kakehashi.engine.base import Engine, Usage
from kakehashi.engine.manifest import Manifest
from kakehashi.engine.models import find_model, load_engine
from kakehashi.errors import TooLargeError
from kakehashi.language.document import translate_document
from kakehashi.language.flags import Flag
from kakehashi.language.glossary import Glossary
from kakehashi.language.memory import TranslationMemory
from kakehashi.language.results import (
    Language,
    ProgressCallback,
    SegmentTranslation,
    Style,
    Summary,
    Translation,
)
from kakehashi.language.summarise import Summariser
from kakehashi.language.translate import Translator
from kakehashi.settings import MEGABYTE, Settings, read_settings


@dataclass(frozen=True, slots=True)
class DocumentTranslation:
    """A translated document, not yet written.

    Attributes:
        document: with the translations in place; `save(path)` and `render()` are its own.
        segments: one entry per segment, in reading order.
    """

    document: Document
    segments: tuple[SegmentTranslation, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags, in reading order."""
        return tuple(one for segment in self.segments for one in segment.flags)

    @property
    def usage(self) -> Usage:
        """Tokens and seconds of the whole, as counted by the engine."""
        return sum((one.usage for one in self.segments), Usage())

    def save(self, path: str | Path) -> None:
        """Write the document, whole or not at all. Raises OutputError."""
        self.document.save(Path(path))


class Kakehashi:
    """A loaded model that translates and summarises. Close it, or use it in a `with` block.

    Args:
        model: a model folder or the name of an installed model; None: KAKEHASHI_MODEL, else the
            installed model.
        engine, manifest: use this engine and manifest instead of loading a model (both or
            neither); the engine is closed with this object.
        settings: instead of those of the environment.

    Raises:
        ModelError: there is no model, or it cannot be used.
        InputError: a setting is wrong.

    Example:
        >>> from kakehashi import Kakehashi
        >>> with Kakehashi() as kakehashi:
        ...     result = kakehashi.translate("図書館は月曜日が休みです。", to="en")
        >>> isinstance(result, str), len(result.segments), result.usage.completion_tokens > 0
        (True, 1, True)
    """

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        engine: Engine | None = None,
        manifest: Manifest | None = None,
        settings: Settings | None = None,
    ) -> None:
        if (engine is None) != (manifest is None):
            raise TypeError("engine and manifest belong together: give both or neither")
        self.settings = settings or read_settings()
        if engine is None or manifest is None:
            engine, manifest = _load(model, self.settings)
        self.engine = engine
        self.manifest = manifest
        options = {
            "join": self.settings.join_sentences,
            "limit": self.settings.max_sentence_chars,
        }
        self.translator = Translator(engine, manifest, **options)
        self.summariser = Summariser(engine, manifest, **options)

    def translate(
        self,
        text: str,
        to: Language = "ja",
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> Translation:
        """Translate a text; see `Translator.translate` for the arguments and errors.

        Returns:
            A `str` that also has `segments`, `flags` and `usage`.
        """
        self._check(text)
        return self.translator.translate(
            text,
            to,
            source=source,
            style=style,
            glossary=glossary,
            memory=memory,
            progress=progress,
        )

    def translate_stream(
        self,
        text: str,
        to: Language = "ja",
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> Iterator[str]:
        """Translate a text sentence by sentence; joined, the pieces are the whole translation.

        Leaving the iteration early stops the engine.
        """
        self._check(text)
        return self.translator.stream_text(
            text,
            to,
            source=source,
            style=style,
            glossary=glossary,
            memory=memory,
            progress=progress,
        )

    def translate_batch(
        self,
        texts: Sequence[str],
        to: Language = "ja",
        *,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        progress: ProgressCallback | None = None,
    ) -> list[Translation]:
        """Translate many texts, one result each; much faster than one call for each."""
        self._check("".join(texts))
        return self.translator.translate_batch(
            texts,
            to,
            source=source,
            style=style,
            glossary=glossary,
            memory=memory,
            progress=progress,
        )

    def translate_document(
        self,
        path: str | Path,
        to: Language = "ja",
        *,
        output: str | Path | None = None,
        source: Language | None = None,
        style: Style | None = None,
        glossary: Glossary | None = None,
        memory: TranslationMemory | None = None,
        format: str | None = None,
        progress: ProgressCallback | None = None,
    ) -> DocumentTranslation:
        """Translate a file, layout kept; write it to `output` if that is given.

        Raises:
            FileMissingError, EncodingError, FormatError, TooLargeError: the file cannot be read.
            OutputError: `output` cannot be written.
            LanguageError, EngineError: as `Translator.stream`.
        """
        path = Path(path)
        with suppress(OSError):  # what is wrong with the path is said by `open_document`
            self._check_size(path.stat().st_size, str(path))
        document = open_document(path, format=format, max_bytes=self.settings.max_input_bytes)
        done = DocumentTranslation(
            document,
            tuple(
                translate_document(
                    self.translator,
                    document,
                    to,
                    source=source,
                    style=style,
                    glossary=glossary,
                    memory=memory,
                    progress=progress,
                )
            ),
        )
        if output is not None:
            done.save(output)
        return done

    def summarise(
        self,
        text: str,
        lines: int | None = None,
        *,
        chars: int | None = None,
        to: Language | None = None,
        style: Style | None = None,
        progress: ProgressCallback | None = None,
    ) -> Summary:
        """Summarise a text in at most `lines` lines (3 if nothing is given) or `chars` characters.

        See `Summariser.summarise` for the arguments and errors.

        Returns:
            A `str` that also has `lines` (each with the sentences it came from), `flags`, `usage`.
        """
        self._check(text)
        return self.summariser.summarise(
            text, lines=lines, chars=chars, to=to, style=style, progress=progress
        )

    def close(self) -> None:
        """Free the model; this object cannot be used afterwards."""
        self.engine.close()

    def __enter__(self) -> Kakehashi:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _check(self, text: str) -> None:
        if len(text) * 4 > self.settings.max_input_bytes:
            self._check_size(len(text.encode("utf-8", "surrogatepass")), "the text")

    def _check_size(self, size: int, where: str) -> None:
        check_size(size, where, self.settings)


def check_size(size: int, where: str, settings: Settings) -> None:
    """Refuse what is larger than the settings allow.

    Raises:
        TooLargeError: `size` (bytes) is over `settings.max_input_bytes`.
    """
    if size > settings.max_input_bytes:
        raise TooLargeError(
            f"{size / MEGABYTE:,.1f} MB of text; at most {settings.max_input_mb} MB are read",
            where=where,
            hint="cut it into parts, or allow more with KAKEHASHI_MAX_INPUT_MB "
            "(a megabyte takes about an hour on two cores)",
        )


def _load(model: str | Path | None, settings: Settings) -> tuple[Engine, Manifest]:
    return load_engine(find_model(model, settings), settings=settings)
