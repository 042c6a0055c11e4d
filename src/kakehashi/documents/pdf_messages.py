"""What the PDF reader and writer say to people: Japanese first, English second."""

from __future__ import annotations

from typing import Final

NO_PDF: Final = "PDFではありません / this is not a PDF file"
NO_PDF_HINT: Final = (
    "ファイル名と中身を確かめてください / check what the file is, and name its format"
)
DAMAGED: Final = "PDFが壊れていて読めません / this PDF is damaged and cannot be read"
DAMAGED_HINT: Final = (
    "元の文書から作り直すか、PDFビューアで開いて保存し直してください / "
    "make it again from its source, or open it in a PDF viewer and save it anew"
)
CUT_OFF: Final = "PDFが途中で切れています / this PDF is cut off: its end is missing"
CUT_OFF_HINT: Final = "ファイルを取り直してください / copy or download the file again"
ENCRYPTED: Final = "PDFがパスワードで保護されています / this PDF is protected by a password"
ENCRYPTED_HINT: Final = (
    "パスワードを外したPDFを保存してから渡してください / save a copy without the password first"
)
SCANNED: Final = (
    "スキャンされたPDFです（{pages}ページ中{empty}ページに文字情報がありません） / "
    "this is a scanned PDF: {empty} of {pages} pages are pictures without text"
)
SCANNED_HINT: Final = (
    "OCR（文字認識）で文字情報を付けてから渡してください / run OCR (text recognition) on it first"
)
NO_TEXT: Final = "PDFに文字がありません / there is no text in this PDF"
NO_TEXT_HINT: Final = (
    "文字が図形になっている場合はOCR（文字認識）を使ってください / "
    "if its letters are drawn as shapes, run OCR (text recognition) on it first"
)
BROKEN_TEXT: Final = (
    "PDFの文字情報が壊れています（{share}％の文字が読めません） / "
    "the text of this PDF has a broken encoding: {share} % of its characters have no meaning"
)
BROKEN_TEXT_HINT: Final = (
    "OCR（文字認識）を使うか、フォントを埋め込んで作り直してください / "
    "run OCR (text recognition) on it, or make it again with a Unicode map for its fonts"
)
TOO_MANY_PAGES: Final = (
    "{pages}ページは上限の{limit}ページを超えています / "
    "{pages} pages are more than the limit of {limit}"
)
TOO_MANY_CHARACTERS: Final = (
    "文字数が上限の{limit}字を超えています / there are more characters than the limit of {limit}"
)
TOO_COMPLEX: Final = (
    "ページの図形や文字が多すぎます（上限{limit}） / this page holds more objects than {limit}"
)
SPLIT_HINT: Final = "PDFを分割してください / cut the PDF into parts"
WRONG_ENDING: Final = (
    "PDFの訳は .docx か .pdf に書き出します / a translated PDF is written as .docx or .pdf"
)
WRONG_ENDING_HINT: Final = (
    "出力の名前を .docx か .pdf で終えてください / let the name of the output end in .docx or .pdf"
)
CANNOT_WRITE: Final = "訳文をPDFに組めません / the translation cannot be laid out as a PDF"
CANNOT_WRITE_HINT: Final = ".docx に書き出してください / write it as .docx"

# Warnings.
SOME_PICTURES: Final = (
    "文字情報のないページがあり、訳していません: {pages} / "
    "pages without text (pictures, OCR needed) were not read: {pages}"
)
SOME_BROKEN: Final = (
    "読めない文字が{count}字あり、〓にしました: {pages}ページ / "
    "{count} characters without a meaning were written as 〓: page {pages}"
)
PICTURES_LEFT_OUT: Final = "図や写真は書き出しません / pictures are not taken over"
VERTICAL: Final = (
    "縦書きのページを横書きとして読みました: {pages} / "
    "vertical text was read and is written horizontally: page {pages}"
)
MIXED_DIRECTIONS: Final = (
    "縦書きと横書きが混ざるページがあり、順序が違うことがあります: {pages} / "
    "vertical and horizontal text are mixed, the order may be wrong: page {pages}"
)
TURNED_TEXT: Final = (
    "斜めや横倒しの文字は読んでいません: {pages} / "
    "text that is turned (watermarks, labels) was left out: page {pages}"
)
RUBY: Final = "ふりがなを{count}か所省きました / ruby (furigana) was left out in {count} places"
GUESSED_TABLES: Final = (
    "罫線のない表を文字の位置から読みました: {pages} / "
    "tables without rules were read from the positions of their text: page {pages}"
)
FORM: Final = "入力欄（フォーム）の内容は読んでいません / the contents of form fields were not read"
NO_FONT: Final = (
    "日本語フォントが見つからず、PDFに埋め込めませんでした。表示は閲覧ソフトに依存します / "
    "no Japanese font to embed was found: how the PDF looks depends on its viewer"
)
MISSING_GLYPHS: Final = (
    "フォントにない文字を〓にしました: {characters} / "
    "characters that the font lacks were written as 〓: {characters}"
)

# In the two-column PDF.
SOURCE: Final = "原文 / Source"
TRANSLATION: Final = "訳文 / Translation"
PAGE: Final = "p. {page}"
MADE_FROM: Final = "Made by Kakehashi from a PDF"
