"""Which HTML elements and attributes hold text for people, and which are copied as they are."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Stand within a sentence; every other element begins a block.
INLINE: Final = _words(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd map mark "
    "meter noscript object output picture progress q ruby s samp script small span strike "
    "strong sub sup svg math template time tt u var video audio wbr br canvas style iframe "
    "embed"
)
# Have no content and no end tag.
VOID: Final = _words("area base br col embed hr img input link meta param source track wbr")
# Copied whole, nothing of them is shown in the sentence.
OPAQUE: Final = _words(
    "script style svg math object video audio picture canvas map template iframe meter "
    "progress pre textarea xmp noembed noframes"
)
# Copied whole, their text is shown in the sentence.
CODE: Final = _words("code kbd samp var tt")
HEADINGS: Final = _words("h1 h2 h3 h4 h5 h6 legend summary caption dt figcaption")
LABELS: Final = _words("button option label")
# Names of <meta> elements whose content people read.
META: Final = _words(
    "description og:title og:description og:site_name og:image:alt twitter:title "
    "twitter:description twitter:image:alt application-name apple-mobile-web-app-title"
)
# Elements whose end tag may be left out before the named one.
ENDS_BEFORE: Final = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tr": frozenset({"tr", "td", "th"}),
    "option": frozenset({"option"}),
}
# Attributes that people read, and the kind of segment they are.
READ: Final = {"alt": "alt", "title": "title", "placeholder": "label", "aria-label": "label"}
