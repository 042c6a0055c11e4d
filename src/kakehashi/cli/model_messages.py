"""What `kakehashi model` and `kakehashi doctor` say to people, in one place."""

from __future__ import annotations

from typing import Final

NO_MODEL: Final = "no model is installed"
COLUMNS: Final = ("NAME", "VERSION", "SIZE", "TASKS", "FOUND BY", "FOLDER")
BROKEN: Final = "cannot be read (see below)"
DEFAULT_MARK: Final = "* used by default"
VERIFIED: Final = "{name} {version}: whole ({megabytes:,.1f} MB, sha256 as in the manifest)\n{path}"

OK: Final = "ok"
WARNING: Final = "look"
FAILED: Final = "FAILED"
ALL_WELL: Final = "Everything works."
WARNINGS: Final = "It works; {count} thing(s) to look at above."
PROBLEMS: Final = "{count} problem(s): see the arrows (→) above for what to do."

MACHINE: Final = "{cpu}, {cores} core(s) usable, {total:.1f} GB memory, {free:.1f} GB free"
LITTLE_MEMORY: Final = "less than {megabytes} MB are free"
LITTLE_MEMORY_HINT: Final = "end other programs; a translating process takes up to 400 MB"
ONE_CORE: Final = "one core: expect about half the published speed"
BUSY: Final = "other programs use {cores:.1f} core(s) now; expect less speed"
SOFTWARE: Final = "kakehashi {kakehashi}, Python {python}, {system}"
ENGINE: Final = "xllamacpp {version}; {threads} thread(s)"
NO_AVX2: Final = "this CPU has no AVX2, which the engine is built for"
NO_AVX2_HINT: Final = "use a CPU from 2013 or later, or build xllamacpp on this machine"
HOME: Final = "{path}"
HOME_LATER: Final = "{path} (will be created when it is needed)"
HOME_CLOSED: Final = "{path} cannot be written"
HOME_CLOSED_HINT: Final = "change its permissions, or set KAKEHASHI_HOME to another folder"
MODEL: Final = "{name} {version}, {megabytes:,.1f} MB, sha256 right ({folder})"
SELF_TEST: Final = (
    "{source} → {target}\n"
    "loaded in {load:.2f} s, {prefill:,.0f} tokens/s read, {decode:,.0f} tokens/s written, "
    "{memory:,.0f} MB resident"
)
SELF_TEST_SKIPPED: Final = "skipped: {why}"
NO_TRANSLATION_TASK: Final = "the model does not translate; only its loading was tested"
NOT_JAPANESE: Final = "the model answered '{target}' to '{source}', which is not Japanese"
NOT_JAPANESE_HINT: Final = "the weights may not belong to the manifest; install the model again"
TEST_SENTENCE: Final = "The library is closed on Mondays."
