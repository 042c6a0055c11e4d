"""Text formats, written as the programs that make them write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.documents.office_set import contents as c


def ja_markdown(path: Path) -> None:
    rows = "\n".join("| " + " | ".join(row) + " |" for row in c.JA_TABLE[1:])
    head = "| " + " | ".join(c.JA_TABLE[0]) + " |\n|---|:-:|---|"
    items = "\n".join(f"- **{text[:4]}**{text[4:]}" for text in c.JA_ITEMS)
    body = "\n\n".join(c.JA_PARAGRAPHS)
    path.write_text(
        f"---\ntitle: {c.JA_TITLE}\n---\n\n# {c.JA_TITLE}\n\n{body}\n\n{items}\n\n{head}\n{rows}\n\n"
        "詳しくは[市のページ](https://www.city.example.jp/)を見る。`make run` を打つ。\n",
        encoding="utf-8",
    )


def en_markdown(path: Path) -> None:
    items = "\n".join(f"{n}. {text}" for n, text in enumerate(c.EN_ITEMS, 1))
    body = "\n\n".join(f"*{text[:9]}*{text[9:]}" for text in c.EN_PARAGRAPHS)
    path.write_text(
        f"{c.EN_TITLE}\n{'=' * 20}\n\n{body}\n\n{items}\n\n```sh\nmake test\n```\n\n[^1]: {c.EN_NOTE}\n",
        encoding="utf-8",
    )


def ja_html(path: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{x}</td>" for x in row) + "</tr>\n" for row in c.JA_TABLE)
    body = "\n".join(f"<p>{text}</p>" for text in c.JA_PARAGRAPHS)
    path.write_text(
        f'<!DOCTYPE html>\n<html lang="ja">\n<head><meta charset="Shift_JIS"><title>{c.JA_TITLE}</title>'
        f"</head>\n<body>\n<h1>{c.JA_TITLE}</h1>\n{body}\n<table>\n{rows}</table>\n"
        '<p>お問い合わせは<a href="mailto:kankyo@city.example.jp">環境課</a>へ。</p>\n</body>\n</html>\n',
        encoding="cp932",
    )


def en_html(path: Path) -> None:
    body = "\n".join(f"<p><strong>{t[:12]}</strong>{t[12:]}</p>" for t in c.EN_PARAGRAPHS)
    path.write_text(
        f'<!DOCTYPE html><html lang="en"><head><title>{c.EN_TITLE}</title><script>var a = 1 < 2;</script>'
        f'</head><body><nav><a href="/">Home</a></nav>{body}<img src="a.png" alt="A bar chart"></body></html>',
        encoding="utf-8",
    )


def ja_subtitles(path: Path) -> None:
    cues = [
        f"{n}\r\n00:00:{n:02},000 --> 00:00:{n:02},900\r\n{text[:16]}\r\n{text[16:40]}\r\n"
        for n, text in enumerate(c.JA_MEETING, 1)
    ]
    path.write_bytes("\r\n".join(cues).encode("utf-8-sig"))


def ja_text(path: Path) -> None:
    lines = [text[at : at + 35] for text in c.JA_PARAGRAPHS for at in range(0, len(text), 35)]
    path.write_bytes(
        ("　　　　　" + c.JA_TITLE + "\r\n\r\n" + "\r\n".join(lines) + "\r\n").encode("cp932")
    )


def en_text(path: Path) -> None:
    path.write_text("\n\n".join([c.EN_TITLE, *c.EN_PARAGRAPHS]) + "\n", encoding="utf-8")


def ja_csv(path: Path) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([*c.JA_TABLE, ("備考", '「"可"」とあるもの', "1,200円\n（税込）")])
    path.write_bytes(buffer.getvalue().encode("cp932"))


MAKERS = {
    "md_ja.md": ja_markdown,
    "md_en.md": en_markdown,
    "html_ja.html": ja_html,
    "html_en.html": en_html,
    "srt_ja.srt": ja_subtitles,
    "txt_ja.txt": ja_text,
    "txt_en.txt": en_text,
    "csv_ja.csv": ja_csv,
}
