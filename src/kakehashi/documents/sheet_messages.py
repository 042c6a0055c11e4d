"""What the readers of tables (CSV, Excel) say to people: places and warnings."""

from __future__ import annotations

from typing import Final

CSV_PLACE: Final = "row {row}, column {column}"
CSV_NAMED_PLACE: Final = "row {row}, column {column} ({name})"
OPEN_QUOTE: Final = 'row {row}: a quote (") is opened and never closed; it was read as a character'
