"""Rich text: a document of blocks as the editor Editor.js makes it, checked, cleaned and shown.

The value is ``{"blocks": [{"type": "header", "data": {"text": "…", "level": 2}}, …]}``.
``{{ body|richtext }}`` in a template; ``RichTextField`` in a form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from markupsafe import Markup

from aiocms.core.errors import AiocmsError
from aiocms.core.i18n import N_
from aiocms.core.sanitize import clean_flow, clean_inline, clean_text, is_safe_link

MOST_BLOCKS = 2000
_MOST_ITEMS = 2000
_DEPTH = 6
_LONGEST = 1000
_BREAK = re.compile(r"</?(?:p|li|td|th|h[2-4]|figcaption|pre)>")

Data = Mapping[str, Any]


class BadBlocks(AiocmsError):
    """Not a document of blocks; ``message`` is for gettext, ``values`` go into it."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


def clean_blocks(value: Any) -> dict[str, Any]:
    """A document of blocks as it may be stored: known keys only, every text cleaned.

    Returns:
        A new value with the one key ``blocks``.
    Raises:
        BadBlocks: it is no such document, or has a block that is not known here.
    """
    blocks = value.get("blocks") if isinstance(value, Mapping) else None
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        raise BadBlocks(N_("This is no text of blocks."))
    if len(blocks) > MOST_BLOCKS:
        raise BadBlocks(N_("A text may have %(most)s blocks at most."), most=MOST_BLOCKS)
    return {"blocks": [_clean_block(block) for block in blocks]}


def render_blocks(value: Any) -> Markup:
    """The blocks as HTML that nothing can run in; parts that are not understood are left out."""
    blocks = value.get("blocks") if isinstance(value, Mapping) else None
    parts: list[str] = []
    for block in blocks if isinstance(blocks, Sequence) and not isinstance(blocks, str) else ():
        try:
            clean = _clean_block(block)
        except BadBlocks:
            continue
        parts.append(_RENDER[clean["type"]](clean["data"]))
    return Markup(clean_flow("\n".join(parts)))  # noqa: S704 - cleaned by nh3


def find_text(value: Any) -> str:
    """The words of a document of blocks, for lists and searches."""
    return " ".join(clean_text(_BREAK.sub(" ", str(render_blocks(value)))).split())


def _clean_block(block: Any) -> dict[str, Any]:
    if not isinstance(block, Mapping) or not isinstance(block.get("data"), Mapping):
        raise BadBlocks(N_("This is no text of blocks."))
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in _CLEAN:
        raise BadBlocks(N_("There is no block of the kind “%(kind)s” here."), kind=str(kind)[:40])
    clean: dict[str, Any] = {"type": kind, "data": _CLEAN[kind](block["data"])}
    if isinstance(block.get("id"), str) and block["id"].isalnum() and len(block["id"]) <= 40:
        clean = {"id": block["id"], **clean}
    return clean


def _inline(data: Data, key: str) -> str:
    value = data.get(key)
    return clean_inline(value) if isinstance(value, str) else ""


def _plain(data: Data, key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _clean_header(data: Data) -> dict[str, Any]:
    level = data.get("level")
    fits = isinstance(level, int | float) and not isinstance(level, bool) and 2 <= level <= 4
    return {"text": _inline(data, "text"), "level": int(level) if fits and level is not None else 2}


def _clean_list(data: Data) -> dict[str, Any]:
    style = data.get("style")
    return {
        "style": style if style in ("ordered", "unordered") else "unordered",
        "items": _clean_items(data.get("items"), _DEPTH),
    }


def _clean_items(items: Any, depth: int) -> list[Any]:
    found: list[Any] = []
    for item in items[:_MOST_ITEMS] if isinstance(items, list | tuple) else ():
        if isinstance(item, str):
            found.append(clean_inline(item))
        elif isinstance(item, Mapping) and depth:
            inner = _clean_items(item.get("items"), depth - 1)
            found.append({"content": _inline(item, "content"), "items": inner})
    return found


def _clean_checklist(data: Data) -> dict[str, Any]:
    items = data.get("items")
    return {
        "items": [
            {"text": _inline(item, "text"), "checked": item.get("checked") is True}
            for item in (items[:_MOST_ITEMS] if isinstance(items, list | tuple) else ())
            if isinstance(item, Mapping)
        ]
    }


def _clean_table(data: Data) -> dict[str, Any]:
    content = data.get("content")
    rows = content[:_MOST_ITEMS] if isinstance(content, list | tuple) else ()
    return {
        "withHeadings": data.get("withHeadings") is True,
        "content": [
            [clean_inline(cell) if isinstance(cell, str) else "" for cell in row[:100]]
            for row in rows
            if isinstance(row, list | tuple)
        ],
    }


def _clean_quote(data: Data) -> dict[str, Any]:
    return {"text": _inline(data, "text"), "caption": _inline(data, "caption")}


def _clean_image(data: Data) -> dict[str, Any]:
    file = data.get("file")
    address = _plain(file, "url") if isinstance(file, Mapping) else _plain(data, "url")
    if not address or not is_safe_link(address) or address.lower().startswith(("mailto:", "tel:")):
        raise BadBlocks(N_("An image has no address that may be shown."))
    described = {"alt": data["alt"][:_LONGEST]} if isinstance(data.get("alt"), str) else {}
    return {"file": {"url": address}, "caption": _inline(data, "caption"), **described}


_CLEAN: Mapping[str, Callable[[Data], dict[str, Any]]] = {
    "paragraph": lambda data: {"text": _inline(data, "text")},
    "header": _clean_header,
    "list": _clean_list,
    "checklist": _clean_checklist,
    "quote": _clean_quote,
    "warning": lambda data: {"title": _inline(data, "title"), "message": _inline(data, "message")},
    "code": lambda data: {"code": _plain(data, "code")},
    "table": _clean_table,
    "image": _clean_image,
    "delimiter": lambda data: {},
}
KINDS = frozenset(_CLEAN)
"""The kinds of blocks that are known."""


def _render_items(items: Sequence[Any], tag: str) -> str:
    lines = (
        f"<li>{item}</li>"
        if isinstance(item, str)
        else f"<li>{item['content']}{_render_items(item['items'], tag) if item['items'] else ''}</li>"
        for item in items
    )
    return f"<{tag}>{''.join(lines)}</{tag}>"


def _render_checklist(data: Data) -> str:
    lines: list[str] = []
    for item in data["items"]:
        look = "a-text-done" if item["checked"] else "a-text-open"
        lines.append(f'<li class="{look}">{item["text"]}</li>')
    return f'<ul class="a-text-checklist">{"".join(lines)}</ul>'


def _render_table(data: Data) -> str:
    rows = list(data["content"])
    head = rows.pop(0) if rows and data["withHeadings"] else None
    top = f"<thead>{_render_row('th', head)}</thead>" if head else ""
    return f"<table>{top}<tbody>{''.join(_render_row('td', row) for row in rows)}</tbody></table>"


def _render_row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def _render_quote(data: Data) -> str:
    source = f"<p><cite>{data['caption']}</cite></p>" if data["caption"] else ""
    return f"<blockquote><p>{data['text']}</p>{source}</blockquote>"


def _render_warning(data: Data) -> str:
    title, message = data["title"], data["message"]
    return f'<aside class="a-text-warning"><p><strong>{title}</strong></p><p>{message}</p></aside>'


def _render_image(data: Data) -> str:
    caption, url = data["caption"], escape(data["file"]["url"])
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    alt = escape(data.get("alt") or clean_text(caption))
    return f'<figure><img src="{url}" alt="{alt}">{below}</figure>'


_RENDER: Mapping[str, Callable[[Data], str]] = {
    "paragraph": lambda data: f"<p>{data['text']}</p>",
    "header": lambda data: f"<h{data['level']}>{data['text']}</h{data['level']}>",
    "list": lambda data: _render_items(data["items"], "ol" if data["style"] == "ordered" else "ul"),
    "checklist": _render_checklist,
    "quote": _render_quote,
    "warning": _render_warning,
    "code": lambda data: f"<pre><code>{escape(data['code'])}</code></pre>",
    "table": _render_table,
    "image": _render_image,
    "delimiter": lambda data: "<hr>",
}
