"""What the readers of tables (CSV, Excel) say to people: places and warnings."""

from __future__ import annotations

from typing import Final

CSV_PLACE: Final = "row {row}, column {column}"
CSV_NAMED_PLACE: Final = "row {row}, column {column} ({name})"
OPEN_QUOTE: Final = 'row {row}: a quote (") is opened and never closed; it was read as a character'

# Places in a workbook. A place is a sheet and one of these.
SHEET: Final = "シート「{name}」"
HIDDEN_SHEET: Final = "シート「{name}」（非表示）"
PLACE: Final = "{sheet}, {place}"
MORE_CELLS: Final = "{cell} ほか{count}セル"
HIDDEN_CELL: Final = "{cell}（非表示）"
COMMENT: Final = "{cell} のコメント"
SHAPE: Final = "図形"
SHAPE_AT: Final = "図形（{cell}）"
CHART: Final = "グラフ"
HINT: Final = "{cell} の説明"
HEADER: Final = "ヘッダー"
FOOTER: Final = "フッター"
SHEET_NAME: Final = "シート名「{name}」"
LIST_ITEM: Final = "{sheet}, {cell} の選択肢"

# Warnings. Places are those above, so that a person can find them in Excel.
HINT_CUT: Final = "an input hint was cut to the length that Excel allows: {text}"
HEADER_TOO_LONG: Final = (
    "a header or footer would be longer than the 255 characters that Excel allows; "
    "this part was left as it was, its translation is: {text}"
)
CELL_CUT: Final = "{place}: the new text was cut to the {limit} characters that a cell holds"
CHOICES: Final = (
    "{place}: choices are written into the rule ({items}); they and the cells in which they were "
    "chosen were left as they are, unless you ask for them to be translated"
)
CHOICES_KEPT: Final = (
    "{place}: the choices were left as they are, because Excel would not take the translated list "
    "(over 255 characters, or two choices that became the same)"
)
INDIRECT: Final = (
    "{places}: references are made out of texts (INDIRECT); cells that hold the name of a sheet, "
    "a table or a range were not translated by themselves, but check these formulas"
)
COLUMNS_KEPT: Final = (
    "{place}: these column headers were left as they are, because a query, a slicer, a schema or "
    "a calculated field refers to them: {names}"
)
BUILT: Final = (
    "{places}: formulas result in words; words that are written in a formula are not translated"
)
CONTROLS: Final = "labels of buttons and other form controls are not translated"
MACROS_AND_NAMES: Final = (
    "the file carries macros and sheets were renamed: a macro that calls a sheet by its old name "
    "will fail"
)
LITERALS_FOLLOWED: Final = (
    "{places}: texts in formulas were translated together with the cells that they are compared "
    "with: {texts}"
)
TOLD_APART: Final = (
    "{place}: {texts} got the same translation; formulas look for such texts, so that all but the "
    "first have their old text in brackets"
)
LITERAL_INSIDE: Final = (
    "{places}: the formula looks for 「{text}」 inside of texts, some of which are translated now; "
    "it may not find it any more"
)
