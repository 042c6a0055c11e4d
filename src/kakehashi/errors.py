"""Every error Kakehashi raises on purpose, and what each one means outside Python.

    KakehashiError
    ├── InputError              what was given cannot be used           exit 2, HTTP 400
    │   ├── FileMissingError    no such file, or a directory            exit 2, HTTP 404
    │   ├── EncodingError       not text in an encoding we read         exit 2, HTTP 415
    │   ├── FormatError         a file that is not what its name says   exit 2, HTTP 415
    │   ├── TooLargeError       over a stated limit                     exit 2, HTTP 413
    │   └── LanguageError       a language or direction we do not do    exit 2, HTTP 400
    ├── ModelError              the model folder cannot be used         exit 3, HTTP 503
    │   ├── ModelMissingError   no model, or a file of it is missing
    │   ├── ModelDamagedError   truncated or changed (sha256)
    │   └── ModelTooLargeError  does not fit into this machine's memory
    ├── EngineError             the engine failed while running         exit 4, HTTP 502
    │   └── ContextError        a request longer than the context       exit 4, HTTP 413
    ├── OutputError             the result could not be written         exit 5, HTTP 507
    ├── DependencyError         an optional part is not installed       exit 6, HTTP 501
    ├── AccessError             who asks may not do this                exit 7, HTTP 403
    │   └── UnknownCallerError  no key or password, or a wrong one      exit 7, HTTP 401
    ├── BusyError               no room at the moment; try again        exit 8, HTTP 503
    ├── LimitError              a limit or budget is used up            exit 8, HTTP 429
    ├── LedgerError             the ledger cannot be written            exit 9, HTTP 503
    └── Cancelled               the user stopped it (Ctrl-C)            exit 130, HTTP 499

A message says what was wrong, where, and what to do. `where` and `hint` are kept apart so
that a terminal, a log and a JSON answer can each lay them out in their own way.
"""

from __future__ import annotations

from typing import ClassVar


class KakehashiError(Exception):
    """Base of all errors raised on purpose.

    Args:
        what: what was wrong, one sentence.
        where: file, line, cell, page or setting it concerns; empty when there is none.
        hint: what the reader can do about it; empty when nothing can be done.
    """

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  → {self.hint}" if self.hint else head


class InputError(KakehashiError):
    """What was given cannot be used."""

    exit_code = 2
    http_status = 400


class FileMissingError(InputError):
    """There is no such file, or it is not a regular file."""

    http_status = 404


class EncodingError(InputError):
    """The bytes are not text in an encoding that is read (UTF-8, UTF-16, CP932, EUC-JP …)."""

    http_status = 415


class FormatError(InputError):
    """The content does not have the format it claims."""

    http_status = 415


class TooLargeError(InputError):
    """The input is over a stated limit."""

    http_status = 413


class LanguageError(InputError):
    """A language or direction that the loaded model does not offer."""


class ModelError(KakehashiError):
    """A model folder cannot be used."""

    exit_code = 3
    http_status = 503


class ModelMissingError(ModelError):
    """There is no model folder, or a file named by its manifest is missing."""


class ModelDamagedError(ModelError):
    """A file of the model is truncated or was changed: its size or sha256 differs."""


class ModelTooLargeError(ModelError):
    """The model does not fit into this machine's memory."""


class EngineError(KakehashiError):
    """The engine failed while it was running."""

    exit_code = 4
    http_status = 502


class ContextError(EngineError):
    """A request needs more tokens than the engine's context holds."""

    http_status = 413


class OutputError(KakehashiError):
    """The result could not be written."""

    exit_code = 5
    http_status = 507


class DependencyError(KakehashiError):
    """An optional part that this action needs is not installed."""

    exit_code = 6
    http_status = 501


class AccessError(KakehashiError):
    """Who asks may not do this: the scope, the role, the organisation."""

    exit_code = 7
    http_status = 403


class UnknownCallerError(AccessError):
    """There is no key or password, or it is wrong, expired or revoked."""

    http_status = 401


class BusyError(KakehashiError):
    """There is no room at the moment; the same request may succeed later."""

    exit_code = 8
    http_status = 503


class LimitError(KakehashiError):
    """A limit or a budget is used up.

    Args:
        retry_after: seconds until the same request could succeed; None: waiting does not help
            (a budget of a day or longer, or a request larger than the limit).
    """

    exit_code = 8
    http_status = 429

    def __init__(
        self, what: str, *, where: str = "", hint: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.retry_after = retry_after


class LedgerError(KakehashiError):
    """The ledger cannot be read or written, so nothing may be used."""

    exit_code = 9
    http_status = 503


class Cancelled(KakehashiError):
    """The user stopped the work; what was finished is kept."""

    exit_code = 130
    http_status = 499
