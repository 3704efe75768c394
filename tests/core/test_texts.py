"""Markdown and rich text: what is stored and what is shown, whoever wrote it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aiocms.core.blocks import KINDS, MOST_BLOCKS, BadBlocks, clean_blocks, find_text, render_blocks
from aiocms.core.markdown import clean_markdown, render_markdown
from aiocms.core.sanitize import FLOW, SCHEMES, clean_flow, clean_inline, clean_text, is_safe_link

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<b style='position:fixed' onclick=alert(1)>x</b>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](//evil.example/x.png)",
    "<details open ontoggle=alert(1)>",
    "<form action=//evil.example><input name=password></form>",
    "`<script>` <script>alert(1)</script>",
    "\\<script> <script>alert(1)</script>",
    "> <script>\n> alert(1)\n> </script>",
    "<!-- <script>alert(1)</script> -->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


class Seen(HTMLParser):
    """Collects the tags and attributes of a page, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in FLOW:
            self.bad.append(tag)
        for name, value in attrs:
            if name not in {*FLOW[tag], "rel"} if tag in FLOW else True:
                self.bad.append(f"{tag}.{name}")
            if name in ("href", "src") and not is_safe_link(value or ""):
                self.bad.append(f"{tag}.{name}={value}")


def find_bad(html: str) -> list[str]:
    seen = Seen()
    seen.feed(html)
    return seen.bad


def test_the_look_at_a_page_finds_what_is_bad() -> None:
    assert find_bad("<p onclick=x><script></script><a href='javascript:1'>x</a></p>") == [
        "p.onclick",
        "script",
        "a.href=javascript:1",
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives_in_any_kind_of_text(payload: str) -> None:
    blocks = {
        "blocks": [
            {"type": "paragraph", "data": {"text": payload}},
            {"type": "header", "data": {"text": payload, "level": 2}},
            {
                "type": "list",
                "data": {"style": "ordered", "items": [payload, {"content": payload, "items": [payload]}]},
            },
            {"type": "quote", "data": {"text": payload, "caption": payload}},
            {"type": "warning", "data": {"title": payload, "message": payload}},
            {"type": "code", "data": {"code": payload}},
            {"type": "checklist", "data": {"items": [{"text": payload, "checked": True}]}},
            {"type": "table", "data": {"withHeadings": True, "content": [[payload], [payload]]}},
            {"type": "image", "data": {"file": {"url": "/a.png"}, "caption": payload}},
        ]
    }
    shown = (
        render_markdown(payload),
        render_markdown(clean_markdown(payload)),
        render_blocks(blocks),
        render_blocks(clean_blocks(blocks)),
        clean_flow(payload),
        clean_inline(payload),
    )
    assert [find_bad(str(html)) for html in shown] == [[]] * len(shown)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>/!?`\\*_[]()&;:=\"' \n\tabscriptjvhefonlm-#|~1", max_size=80))
@example("<script>" * 30)
@example("<x\n`<script>`<script\n>")
def test_any_markdown_is_harmless_and_cleaning_it_twice_changes_nothing(text: str) -> None:
    cleaned = clean_markdown(text)
    assert clean_markdown(cleaned) == cleaned
    assert find_bad(str(render_markdown(text))) == []
    assert find_bad(str(render_markdown(cleaned))) == []


def test_raw_tags_become_text_and_nothing_typed_is_lost() -> None:
    text = "one <script>alert(1)</script> two <kbd>K</kbd>\n\n`<script>` stays\n\n```\n<b onclick=x>\n```"
    cleaned = clean_markdown(text)
    assert cleaned == text.replace("one <script>", "one &lt;script>").replace(
        "</script> two", "&lt;/script> two"
    )
    html = str(render_markdown(cleaned))
    assert "alert(1)" in html and "<kbd>K</kbd>" in html and "<code>&lt;script&gt;</code> stays" in html


def test_marks_that_turn_the_reading_direction_are_left_out() -> None:
    assert clean_markdown("a\u202eb\x00c\r\nd") == "abc\nd"


def test_markdown_has_tables_lists_links_and_code() -> None:
    html = str(
        render_markdown("# T\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|\n\n~~no~~ [l](https://a.example) ```c```")
    )
    for part in (
        "<h1>T</h1>",
        "<li>a</li>",
        "<td>1</td>",
        "<s>no</s>",
        'href="https://a.example"',
        "<code>c</code>",
    ):
        assert part in html
    assert 'rel="noopener noreferrer nofollow"' in html


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("/a?b=c:d", True),
        ("page", True),
        ("#top", True),
        ("mailto:a@b.example", True),
        ("HTTPS://a.example", True),
        ("javascript:1", False),
        (" java\nscript:1", False),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_links_lead_to_known_schemes_or_into_the_site(address: str, is_safe: bool) -> None:
    assert is_safe_link(address) is is_safe


def test_no_scheme_that_runs_is_allowed() -> None:
    assert not SCHEMES & {"javascript", "data", "vbscript", "file", "blob"}


def test_every_kind_of_block_is_cleaned_and_shown() -> None:
    blocks: list[dict[str, Any]] = [
        {"id": "aB3", "type": "paragraph", "data": {"text": "Hello <b>you</b>", "evil": 1}, "tunes": {}},
        {"type": "header", "data": {"text": "Head", "level": 9}},
        {
            "type": "list",
            "data": {"style": "ordered", "items": ["one", {"content": "two", "items": ["three"]}]},
        },
        {"type": "checklist", "data": {"items": [{"text": "done", "checked": True}, {"text": "open"}]}},
        {"type": "quote", "data": {"text": "said", "caption": "by"}},
        {"type": "warning", "data": {"title": "Mind", "message": "the gap"}},
        {"type": "code", "data": {"code": "a < b"}},
        {"type": "table", "data": {"withHeadings": True, "content": [["h"], ["c"]]}},
        {"type": "image", "data": {"file": {"url": "/x.png"}, "caption": "A <i>cat</i>"}},
        {"type": "delimiter", "data": {}},
    ]
    cleaned = clean_blocks({"time": 1, "blocks": blocks, "version": "2"})
    assert {block["type"] for block in cleaned["blocks"]} == KINDS
    assert cleaned["blocks"][0] == {"id": "aB3", "type": "paragraph", "data": {"text": "Hello <b>you</b>"}}
    assert cleaned["blocks"][1]["data"]["level"] == 2
    html = str(render_blocks(cleaned))
    for part in (
        "<b>you</b>",
        "<h2>Head</h2>",
        "<li>three</li>",
        "a &lt; b",
        "<th>h</th>",
        'alt="A cat"',
        "<hr>",
    ):
        assert part in html
    assert re.findall(r'class="(a-text-[a-z]+)"', html) == [
        "a-text-checklist",
        "a-text-done",
        "a-text-open",
        "a-text-warning",
    ]
    assert find_text(cleaned).startswith("Hello you Head one two three done open said by Mind the gap")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "no text of blocks"),
        ({"blocks": "x"}, "no text of blocks"),
        ({"blocks": [1]}, "no text of blocks"),
        ({"blocks": [{"type": "raw", "data": {"html": "<script>"}}]}, "“raw”"),
        ({"blocks": [{"type": ["x"], "data": {}}]}, "no block of the kind"),
        ({"blocks": [{"type": "image", "data": {"file": {"url": "javascript:1"}}}]}, "image has no address"),
        ({"blocks": [{"type": "delimiter", "data": {}}] * (MOST_BLOCKS + 1)}, f"{MOST_BLOCKS}"),
    ],
)
def test_what_is_no_text_of_blocks_is_refused_with_the_reason(value: Any, message: str) -> None:
    with pytest.raises(BadBlocks, match=message):
        clean_blocks(value)


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], {"blocks": None}, {"blocks": [None, {"type": "raw", "data": {}}]}]
)
def test_broken_blocks_show_nothing_and_raise_nothing(value: Any) -> None:
    assert str(render_blocks(value)) == ""


def test_the_plain_text_of_html_has_its_characters() -> None:
    assert clean_text("<b>a</b> &lt; b &amp;lt;") == "a < b &lt;"


def test_the_description_of_an_image_is_kept_as_it_is_and_shown_as_text() -> None:
    data = {"file": {"url": "/a.png"}, "caption": "Sea", "alt": '"><script>alert(1)</script> a < b'}
    stored = clean_blocks({"blocks": [{"type": "image", "data": {**data, "withBorder": True}}]})
    assert stored["blocks"][0]["data"] == data
    html = render_blocks(stored)
    assert 'alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; a &lt; b"' in html
    assert "<script" not in html
    bare = clean_blocks(
        {"blocks": [{"type": "image", "data": {"file": {"url": "/a.png"}, "caption": "A <i>cat</i>"}}]}
    )
    assert "alt" not in bare["blocks"][0]["data"]
    assert 'alt="A cat"' in render_blocks(bare)
