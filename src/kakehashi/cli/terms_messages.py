"""What `kakehashi glossary` and `kakehashi memory` say to people, in one place."""

from __future__ import annotations

from typing import Final

GLOSSARY_HELP: Final = (
    "Terms that must be used (tsv, csv, xlsx, tmx, tbx); may be given more than once, the first "
    "one is preferred."
)
MEMORY_HELP: Final = (
    "Translation memory: what is in it is taken as it is. 'kakehashi memory' makes one."
)
NO_MEMORY: Final = "there is no such translation memory"
NO_MEMORY_HINT: Final = "'kakehashi memory import' or 'kakehashi memory add' makes one"

CHECKED: Final = "{path}: {entries} entries"
NO_PROBLEMS: Final = "no problems"
PROBLEMS: Final = "{left_out} row(s) left out, {others} thing(s) to look at"
NO_TERMS: Final = "no term of the glossary stands there"
TERMS: Final = "{source} → {target}"

IMPORTED: Final = "{count} entries read from {path}; {total} in {memory}"
IMPORTED_TAGS: Final = "left out: formatting inside of texts ({tags})"
IMPORTED_SKIPPED: Final = "passed over: {count} unit(s) without both languages"
IMPORTED_LANGUAGES: Final = "passed over: texts in other languages ({languages})"
EXPORTED: Final = "{count} entries written to {path}"
ADDED: Final = "kept"
REMOVED: Final = "{count} entries removed"
NOT_THERE: Final = "there is no such entry"
NOT_THERE_HINT: Final = "'kakehashi memory search' shows the numbers of the entries"
NOTHING_FOUND: Final = "nothing found"
FOUND: Final = "{score:>5.1f}  {source}\n       {target}  [{origin}]"
FOUND_NUMBERS: Final = "       numbers differ: {numbers}"
LISTED: Final = "{id:>5}  {direction}  {source}\n       {target}  [{about}]"
STATS_TOTAL: Final = "{total} entries, {megabytes:.1f} MB, {path}"
FORMATS: Final = "the format is told by the ending: .tmx or .csv"
FORMATS_HINT: Final = "give a file that ends in .tmx or .csv"
ONE_OF_BOTH: Final = "give the number of an entry, or --source with --to"
