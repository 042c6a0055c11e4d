"""A review as one HTML page: no remote content, corrections saved by the page itself as JSON."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import Any, Final

from kakehashi.language.review import messages
from kakehashi.language.review.facts import facts_of
from kakehashi.language.review.rows import Review, ReviewRow

FORMAT: Final = "kakehashi-review-1"

_STYLE: Final = (files("kakehashi.language.review") / "page.css").read_text("utf-8")
_SCRIPT: Final = (files("kakehashi.language.review") / "page.js").read_text("utf-8")
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def render_page(review: Review) -> bytes:
    """The review as a self-contained HTML page (UTF-8)."""
    facts = "".join(
        f"<span>{escape(messages.FACTS[key])}</span><span>{escape(value)}</span>"
        for key, value in facts_of(review).items()
        if value
    )
    how = "<br>".join(escape(line) for line in messages.HOW)
    widths = (5, 8, 21, 21, 21, 12, 12)
    columns = "".join(f'<col style="width:{width}%">' for width in widths)
    titles = (messages.NUMBER, messages.PLACE, messages.SOURCE, messages.TARGET,
              messages.CORRECTION, messages.BACK, messages.FLAGS)  # fmt: skip
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "\n".join(_row(row, review.to) for row in review.rows)
    # "<" could end the script element; JSON allows it to be escaped.
    data = json.dumps(review_json(review), ensure_ascii=False).replace("<", "\\u003c")
    page = f"""<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(messages.TITLE)}: {escape(review.document)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(messages.TITLE)}</h1>
<div class="facts">{facts}</div>
<div class="how">{how}</div>
<div class="bar"><button id="save" type="button">{escape(messages.SAVE)}</button>
<label><input id="only" type="checkbox"> {escape(messages.ONLY_FLAGGED)}</label></div>
<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>
{body}
</tbody></table>
<script id="review" type="application/json">{data}</script>
<script>{_SCRIPT}</script>
</body>
</html>
"""
    return page.encode("utf-8", "replace")


def _row(row: ReviewRow, to: str) -> str:
    source = "ja" if to == "en" else "en"
    flags = "".join(
        f'<span class="flag {one.severity}">{escape(messages.flag_words(one))}</span>'
        for one in row.flags
    )
    known = "".join(f'<span class="flag low">{escape(one)}</span>' for one in row.matches)
    return (
        f'<tr class="{"flagged" if row.flags else "clean"}"><td class="small">{row.id}</td>'
        f'<td class="place">{escape(row.place)}</td>'
        f'<td lang="{source}">{escape(row.source)}</td><td lang="{to}">{escape(row.target)}</td>'
        f'<td><textarea lang="{to}" aria-label="{escape(messages.CORRECTION)} {row.id}">'
        f"\n{escape(row.correction)}</textarea></td>"
        f'<td class="small" lang="{source}">{escape(row.back)}</td><td>{flags}{known}</td></tr>'
    )


def review_json(review: Review) -> dict[str, Any]:
    """What the page carries and saves; `reading` reads it again."""
    return {
        "format": FORMAT,
        "document": review.document,
        "sha256": review.sha256,
        "to": review.to,
        "model": review.model,
        "made": review.made,
        "sheet_names": review.sheet_names,
        "rows": [
            {
                "id": row.id,
                "place": row.place,
                "kind": row.kind,
                "source": row.source,
                "target": row.target,
                "marks": [[m.start, m.end, m.key, int(m.protected)] for m in row.marks],
                "correction": row.correction,
            }
            for row in review.rows
        ],
    }
