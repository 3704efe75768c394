"""HTML from outside made harmless: the one place that says which tags a text may hold.

Texts are cleaned twice, when they are stored and when they are shown: what another program put into the
database is shown as safely as what came through a form.

Source: OWASP XSS Prevention Cheat Sheet, "HTML Sanitization".
"""

from __future__ import annotations

import nh3

SCHEMES = frozenset(("http", "https", "mailto", "tel"))
"""Of links; addresses within the site have none."""

INLINE: dict[str, frozenset[str]] = {
    "a": frozenset(("href", "title")),
    **dict.fromkeys(
        (
            "b",
            "strong",
            "i",
            "em",
            "u",
            "s",
            "del",
            "ins",
            "mark",
            "code",
            "kbd",
            "sub",
            "sup",
            "small",
            "br",
        ),
        frozenset(),
    ),
}
"""Tags within a line, with the attributes that each may have."""

FLOW: dict[str, frozenset[str]] = {
    **INLINE,
    "img": frozenset(("src", "alt", "title", "width", "height")),
    "code": frozenset(("class",)),
    "ol": frozenset(("start",)),
    "td": frozenset(("colspan", "rowspan")),
    "th": frozenset(("colspan", "rowspan", "scope")),
    "aside": frozenset(("class",)),
    "ul": frozenset(("class",)),
    "li": frozenset(("class",)),
    **dict.fromkeys(
        (
            *("p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre", "cite"),
            *(
                "table",
                "thead",
                "tbody",
                "tr",
                "figure",
                "figcaption",
                "details",
                "summary",
                "dl",
                "dt",
                "dd",
            ),
        ),
        frozenset(),
    ),
}
"""Every tag of a text of several paragraphs."""

_CLASSES = ("language-", "a-text-")


def clean_flow(html: str) -> str:
    """HTML of several paragraphs without what could run or change the page around it."""
    return _clean(html, FLOW)


def clean_inline(html: str) -> str:
    """HTML of one line: emphasis, links, code."""
    return _clean(html, INLINE, rel=None)


def clean_text(html: str) -> str:
    """The plain text of a piece of HTML, tags left out; characters as they are, not as entities."""
    text: str = nh3.clean(html, tags=set())
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def is_safe_link(address: str) -> bool:
    """Whether an address may stand in a link: of a known scheme, or within this site."""
    compact = "".join(char for char in address if char > " ").lower()
    if compact.startswith(("//", "\\", "/\\")):
        return False
    scheme, colon, _ = compact.partition(":")
    if not colon or any(char in scheme for char in "/?#"):
        return True
    return scheme in SCHEMES


def _clean(
    html: str, tags: dict[str, frozenset[str]], rel: str | None = "noopener noreferrer nofollow"
) -> str:
    cleaned: str = nh3.clean(
        html,
        tags=set(tags),
        attributes={name: set(attributes) for name, attributes in tags.items() if attributes},
        attribute_filter=_filter_attribute,
        url_schemes=set(SCHEMES),
        link_rel=rel,
        strip_comments=True,
    )
    return cleaned


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = " ".join(one for one in value.split() if one.startswith(_CLASSES))
        return kept or None
    if name in ("href", "src") and not is_safe_link(value):
        return None
    return value
