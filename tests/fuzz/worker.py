"""One process that opens mutated files; a crash, a hang or a leak ends it and not the harness.

Reads numbers from its standard input and answers each with one line of JSON.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import traceback
import warnings
from typing import Any

from kakehashi.documents import FORMATS, from_bytes
from kakehashi.errors import EncodingError, KakehashiError
from tests.documents.office_set.proof import pseudo
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import seeds


class TooSlowError(BaseException):
    """More seconds of the processor than allowed; not an Exception, so that nothing swallows it."""


def attempt(format: str, data: bytes) -> dict[str, Any]:
    """Open, translate and write one input; what came of it."""
    try:
        document = from_bytes(data, format, "fuzz")
    except KakehashiError as error:
        return {"result": "refused", "error": type(error).__name__}
    assert isinstance(getattr(document, "warnings", ()), tuple)
    for segment in document.segments:
        text, marks = pseudo(segment)
        document.replace(segment.id, text, marks)
    document.set_language("en")
    try:
        written = document.render()
    except KakehashiError as error:
        return {"result": "refused", "error": f"render {type(error).__name__}"}
    if format == "pdf":
        format = "docx"
        if len(data) % 8 == 0:
            document.render_pdf()  # type: ignore[attr-defined]
    if format in FORMATS and document.segments:
        # What we write, we can read.
        try:
            from_bytes(written, format, "again")
        except EncodingError:
            # The encoding of a text is guessed from what it holds, and it holds something else now.
            return {"result": "opened", "segments": len(document.segments)}
        except KakehashiError as error:
            return {
                "result": "failed",
                "error": f"written file refused: {error}",
                "trace": str(error),
            }
    return {"result": "opened", "segments": len(document.segments)}


def main() -> None:
    seed, cpu_seconds, megabytes = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    files = seeds()
    for format, sources in files.items():
        for source in sources[:1]:
            attempt(format, source)  # load everything before memory is counted
    limit = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + (megabytes << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    warnings.simplefilter("ignore")

    def slow(*_: object) -> None:
        raise TooSlowError(f"more than {cpu_seconds} seconds of the processor")

    signal.signal(signal.SIGPROF, slow)
    print("ready", flush=True)
    for line in sys.stdin:
        number = int(line)
        format, data = mutated(seed, number, files)
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
        try:
            answer = attempt(format, data)
        except (Exception, TooSlowError) as error:  # noqa: BLE001 - this is what is looked for
            answer = {
                "result": "failed",
                "error": f"{type(error).__name__}: {error}"[:300],
                "trace": traceback.format_exc()[-4000:],
            }
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps({"number": number, "format": format, **answer}), flush=True)


if __name__ == "__main__":
    main()
