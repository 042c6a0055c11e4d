"""What the command line says to people, in one place (a catalogue can take it from here)."""

from __future__ import annotations

from typing import Final

READING_TERMINAL: Final = "reading from the terminal; end with Ctrl-D on an empty line"
STANDARD_INPUT: Final = "standard input"
NOTHING: Final = "there is nothing in it to translate"
NOTHING_HINT: Final = "give a file that holds text"
SAME_FILE: Final = "the result would overwrite the source"
SAME_FILE_HINT: Final = "choose another name with -o"
NO_FOLDER: Final = "the folder does not exist"
NO_FOLDER_HINT: Final = "create it first, or choose another place with -o"
IS_FOLDER: Final = "is a folder, not a file"
IS_FOLDER_HINT: Final = "give the name of a file with -o"
NOT_WRITABLE: Final = "may not be written"
NOT_WRITABLE_HINT: Final = "choose another place with -o, or change its permissions"
STOPPED: Final = "stopped after {done} of {total} segments"
STOPPED_FILE: Final = "what is finished is in {path}; the rest of it is untranslated"
STOPPED_NOTHING: Final = "nothing was finished yet; no file was written"
PARTIAL_MARK: Final = "[kakehashi: stopped here after {done} of {total} segments]"
NO_FLAGS: Final = "no flags"
FLAGS: Final = "{count} in {segments} of {total} segments; please check"
MORE_FLAGS: Final = "… and {count} more (--json lists all)"
TRANSLATED: Final = "{segments} segments, {tokens} tokens, {seconds:.1f} s"
BAR_LOADING: Final = "loading the model"
BAR_TRANSLATING: Final = "translating"
BAR_SUMMARISING: Final = "summarising"
LINES_AND_FORMAT: Final = "--lines is for plain text; it cannot be used with --format {format}"
LINES_AND_FORMAT_HINT: Final = "leave one of them out"
BAR_BACK: Final = "translating back"
BAR_FILES: Final = "files"
NO_MATCH: Final = "there is no such file"
NO_MATCH_HINT: Final = "check the name, or put a pattern (*.docx) into quotes"
NOTHING_KNOWN: Final = "none of {count} files has a format that is translated"
NOTHING_KNOWN_HINT: Final = "name a file with --format if its ending does not tell its format"
FOLDER_NEEDED: Final = "several documents need a folder for their results"
FOLDER_NEEDED_HINT: Final = "name one with -o; it is made if it is not there"
NOT_A_FOLDER: Final = "is a file, not a folder"
NOT_A_FOLDER_HINT: Final = "several documents are written to a folder; name another one with -o"
ONE_ONLY: Final = "{option} is for one document, not for several or a folder"
ONE_ONLY_HINT: Final = "leave it out, or translate one file at a time"
PDF_ENDING: Final = "a PDF cannot be written as '{ending}'"
PDF_ENDING_HINT: Final = "name a .docx, or a .pdf (two columns: source and translation)"
OUTPUT_NEEDED: Final = "a document of this format cannot be written to a terminal"
OUTPUT_NEEDED_HINT: Final = "name a file with -o"
NO_SHEETS: Final = "--sheet-names is for workbooks; this document has no sheets"
NO_SHEETS_HINT: Final = "leave it out"
STOPPED_REVIEW: Final = (
    "stopped while translating back; the translation is written, the review is not"
)
STOPPED_REVIEW_HINT: Final = "--no-back-translation makes the review without it"
REVIEW_WRITTEN: Final = "review: {path}"
WARNING: Final = "note: {warning}"
FILE_WARNING: Final = "note: {file}: {warning}"
STATE_DAMAGED: Final = "the list of finished files is damaged or of another version"
STATE_DAMAGED_HINT: Final = "delete it to translate everything again, or choose another folder"
LOCKED: Final = "another run is writing to this folder"
LOCKED_HINT: Final = "wait for it, or choose another folder with -o"
NOT_OURS: Final = "{path} is there and was not written by an earlier run"
NOT_OURS_HINT: Final = "move it away, choose another folder, or replace it with --again"
KEPT: Final = "finished earlier"
EMPTY: Final = "the file is empty"
UNKNOWN_FORMAT: Final = "'{ending}' is not a format that is translated"
STOPPED_FILES: Final = "stopped after {done} of {total} files"
STOPPED_FILES_HINT: Final = "finished files stay; the same command goes on with the rest"
FILES_FAILED: Final = "{failed} of {total} files failed"
FILES_FAILED_HINT: Final = "the reasons are in the list; the same command tries them again"
FILE_DONE: Final = "{segments} segments, {flags} to check, {seconds:.1f} s"
TOTAL: Final = (
    "{files} files: {done} translated, {kept} kept, {others} not translated, {failed} failed"
)
ALL: Final = "all"
COLUMNS: Final = ("file", "segments", "to check", "tokens", "seconds", "result")
RESULTS: Final = {
    "done": "translated",
    "kept": "kept",
    "copied": "copied",
    "skipped": "skipped",
    "failed": "failed",
}
