"""Markdown: CommonMark with tables and strikethrough, as safe HTML.

``{{ text|markdown }}`` in a template; ``MarkdownField`` in a form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from aiocms.core.sanitize import INLINE, clean_flow

_ROUNDS = 20
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)\s*/?>")
_OPEN = re.compile(r"<(?=[a-zA-Z/!?])")
# No letters: what makes a page read otherwise than it is stored, and control characters.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]")
_SAFE_TAGS = frozenset((*INLINE, "details", "summary")) - {"a"}


def render_markdown(text: str) -> Markup:
    """The text as HTML that nothing can run in, whoever stored it."""
    return Markup(clean_flow(_make_parser().render(text)))  # noqa: S704 - cleaned by nh3


def clean_markdown(text: str) -> str:
    """The text as it may be stored: raw tags other than plain emphasis are turned into text.

    Nothing that was typed is lost: ``<script>`` becomes ``&lt;script>``, which is read as it was typed. Code
    stays as it is.
    """
    text = _HIDDEN.sub("", text.replace("\r\n", "\n"))
    for _ in range(_ROUNDS):
        cleaned = _escape_tags(text)
        if cleaned == text:
            return text
        text = cleaned
    # Nested beyond reason: every tag becomes text, those in code too.
    return _OPEN.sub("&lt;", text)


def _make_parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "typographer": False}).enable(["table", "strikethrough"])


def _escape_tags(text: str) -> str:
    """The text with the unsafe tags that a parser finds in it escaped, in their order."""
    lines = text.split("\n")
    for start, end, pieces in _iter_raw(_make_parser().parse(text)):
        source = "\n".join(lines[start:end])
        at = 0
        for is_raw, content in pieces:
            found = source.find(content, at)
            if found < 0:
                continue
            if not is_raw:
                at = found + len(content)
                continue
            escaped = _OPEN.sub("&lt;", content)
            source = source[:found] + escaped + source[found + len(content) :]
            at = found + len(escaped)
        lines[start:end] = source.split("\n")
    return "\n".join(lines)


def _iter_raw(tokens: list[Token]) -> Iterator[tuple[int, int, list[tuple[bool, str]]]]:
    """For each part with unsafe tags: its first line, the line behind it, and (is a tag, source) in order.

    Code stands among the pieces, so that a tag written in it is not taken for the one behind it.
    """
    for token in tokens:
        if token.map is None:
            continue
        pieces: list[tuple[bool, str]] = []
        if token.type == "html_block":
            pieces = [(True, line) for line in token.content.split("\n") if not _is_safe_line(line)]
        elif token.type == "inline":
            for child in token.children or ():
                if child.type == "html_inline" and not _is_safe_tag(child.content):
                    pieces += [(True, line) for line in child.content.split("\n") if line]
                elif child.type == "code_inline":
                    pieces.append((False, child.content))
        if any(is_raw for is_raw, _ in pieces):
            yield token.map[0], token.map[1], pieces


def _is_safe_line(line: str) -> bool:
    tags = re.findall(r"<[a-zA-Z/!?][^>]*>?", line)
    return all(_is_safe_tag(tag) for tag in tags)


def _is_safe_tag(tag: str) -> bool:
    match = _TAG.fullmatch(tag)
    return match is not None and match[1].lower() in _SAFE_TAGS
