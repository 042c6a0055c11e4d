"""Markdown and HTML made by hypothesis: realistic constructs in every combination."""

from __future__ import annotations

import re

from hypothesis import strategies as st

REFERENCES = '\n\n[ref]: /u "t"\n[^n]: note 注\n'

_WORDS = st.sampled_from(
    (
        "alpha",
        "役所",
        "お知らせ。",
        "（例）",
        "x",
        "Hello, world.",
        "A & B",
        "5 * 3",
        "snake_case",
        "日本語で「引用」",
        "ｶﾀｶﾅ１２",
    )
)


def _markdown_inline() -> st.SearchStrategy[str]:
    styled = st.tuples(_WORDS, st.sampled_from(("**", "*", "_", "~~", "__", "***"))).map(
        lambda pair: pair[1] + pair[0] + pair[1]
    )
    single = st.sampled_from(
        (
            "`co*de`",
            "``a ` b``",
            "![図 1](i.png)",
            "![zu](i.png 'タイトル')",
            "<https://e.x/y>",
            "https://e.x/q_r",
            "a@b.jp",
            "\\*",
            "&copy;",
            "[^n]",
            "<kbd>C</kbd>",
            "$n^2$",
            "{{< s >}}",
            "[ref]",
            "![ref]",
            "[ref][]",
            "\n",
        )
    )
    flat = st.one_of(_WORDS, single, styled)
    target = st.sampled_from(('](https://e.x/a_b "見出し")', "][ref]", "](<a b>)"))
    link = st.tuples(flat, target).map(lambda pair: "[" + pair[0] + pair[1])
    plain_link = st.tuples(_WORDS, target).map(lambda pair: "**[" + pair[0] + pair[1] + "**")
    span = styled.map(lambda text: f"<span class='k'>{text}</span>")
    return st.one_of(flat, flat, link, plain_link, span)


def markdown() -> st.SearchStrategy[str]:
    """A Markdown document in which every block may hold every inline construct.

    Left out: emphasis around nothing but an image, which cannot be kept when text is put
    right next to it, and constructs without a space between them, whose asterisks pair up in
    ways that nobody meant (the new texts stand right next to the marks).
    """
    text = st.lists(_markdown_inline(), min_size=1, max_size=4).map(" ".join)
    line = text.map(lambda t: t.replace("\n", " "))
    cell = line.map(lambda t: t.replace("|", "\\|"))
    block = st.one_of(
        text,
        line.map("## {}".format),
        text.map(lambda t: "- " + t.replace("\n", "\n  ")),
        text.map(lambda t: "> " + t.replace("\n", "\n> ")),
        text.map(lambda t: "> 1. " + t.replace("\n", "\n>    ")),
        st.tuples(cell, cell, cell).map(lambda t: "| {} | {} |\n|---|:-:|\n| {} | x |".format(*t)),
        st.sampled_from(
            (
                "```\ncode *x*\n```",
                "    code",
                "<div>\nhtml *x*\n</div>",
                "---",
                "$$\nx\n$$",
                "<!-- 注 -->",
            )
        ),
        line.map(lambda t: t + "\n==="),
        text.map(lambda t: "term\n: " + t.replace("\n", "\n  ")),
        line.map("- [ ] {}".format),
    )
    odd = re.compile(r"[*_~]+(?:!\[|\[\^|\[!|\[[*_~]+!)")
    return (
        st.lists(block, min_size=1, max_size=3)
        .map(lambda blocks: "\n\n".join(blocks) + REFERENCES)
        .filter(lambda source: not odd.search(source))
    )


def html(*, broken: bool = False) -> st.SearchStrategy[str]:
    """An HTML fragment; `broken` adds tags without a partner and markup that is cut off."""
    singles = [
        "<code>a<b>b</b></code>",
        "<img src=a alt='図 1'>",
        "<img src=a alt=zu>",
        "<!-- 注 c -->",
        "<kbd>C</kbd>",
        "<svg><text>s</text></svg>",
        "<ruby>漢<rt>かん</rt></ruby>",
        "<span translate=no>No 訳</span>",
        "<script>x<y</script>",
        "<wbr>",
        "x &lt;y&gt;",
        "A &amp; B",
        "5 < 6",
        "&copy;&nbsp;z",
    ]
    if broken:
        singles += [
            "</i>",
            "<i>",
            "</p>",
            "<a href='",
            "<b",
            "<!--",
            "<br>",
            "<p",
            "&",
            "<?x",
            "\x0c",
        ]
    atom = st.one_of(_WORDS.filter(lambda t: "&" not in t), st.sampled_from(singles))
    tags = st.sampled_from(("b", "em", "span class=k", "small"))

    def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(tags, inner).map(lambda p: f"<{p[0]}>{p[1]}</{p[0].split()[0]}>")

    inline = st.recursive(atom, wrapped, max_leaves=3)
    link = _WORDS.map("<a href='/u?x=1&amp;y' title=\"説明\">{}</a>".format)
    text = st.lists(st.one_of(inline, link), min_size=1, max_size=4).map(" ".join)
    block = st.one_of(
        text.map("<p title='説明'>{}</p>".format),
        text.map("<h2>{}</h2>".format),
        text.map("<ul><li>{}<li>x</ul>".format),
        text.map("<table><tr><td>{}<td>ab</table>".format),
        text.map("<div>{}<p>y</div>".format),
        text,
        st.sampled_from(("<pre>k k</pre>", "<style>a{b:c}</style>", "<input placeholder=ここ>")),
    )
    return st.lists(block, min_size=1, max_size=3).map("\n".join)
