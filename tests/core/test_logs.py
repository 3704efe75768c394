"""Log lines carry the id of their request and cannot be forged."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aiocms.core.logs import FORMAT, AccessLogger, Formatter, add_request_id, escape, set_up
from aiocms.testing import MakeClient, MakeSite

FILES = {
    "routes.py": """
import asyncio, logging
from aiohttp import web
from aiocms import route

async def say(request):
    await asyncio.sleep(0.01)
    logging.getLogger("shop").warning("said %s", request.query["text"])
    await asyncio.to_thread(logging.getLogger("shop").warning, "in a thread")
    return web.Response()

routes = [route("GET", "/say", say, "say")]
"""
}


@pytest.fixture
def lines() -> Any:
    """The lines that our formatter makes of all records, as they come."""
    written: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(handler.format(record))  # type: ignore[method-assign]
    handler.setFormatter(Formatter(FORMAT))
    handler.addFilter(add_request_id)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


async def test_lines_of_a_request_carry_its_id(
    make_site: MakeSite, make_client: MakeClient, lines: list[str]
) -> None:
    client = await make_client(make_site(FILES))
    answers = await asyncio.gather(*(client.get(f"/say?text=n{number}") for number in range(5)))
    for number, answer in enumerate(answers):
        request_id = answer.headers["X-Request-ID"]
        mine = [line for line in lines if f" {request_id} shop" in line]
        assert any(line.endswith(f"said n{number}") for line in mine)
        assert any(line.endswith("in a thread") for line in mine)
        assert len(mine) == 2


async def test_text_from_a_request_cannot_begin_a_line(
    make_site: MakeSite, make_client: MakeClient, lines: list[str]
) -> None:
    client = await make_client(make_site(FILES))
    await client.get("/say", params={"text": "x\r\n2026-01-01 ERROR forged\x1b[31m\u2028\x85"})
    (line,) = [line for line in lines if "said" in line]
    assert line.endswith(r"said x\r\n2026-01-01 ERROR forged\x1b[31m\u2028\x85")
    assert len(line.splitlines()) == 1


def test_traceback_lines_are_indented_and_escaped() -> None:
    try:
        raise ValueError("first\nERROR forged\x1b[2J")
    except ValueError as error:
        record = logging.LogRecord("a", logging.ERROR, "f.py", 1, "failed", (), (ValueError, error, None))
    text = Formatter(FORMAT).format(record)
    first, *rest = text.split("\n")
    assert first.endswith(" ERROR - a: failed")
    assert rest and all(line.startswith("    ") for line in rest)
    assert "\x1b" not in text


def test_escape_leaves_ordinary_text_alone() -> None:
    assert escape("Привет, 世界 — ok") == "Привет, 世界 — ok"
    assert escape("a\ud800b\x00") == r"a\ud800b\x00"


def test_access_line_holds_one_request(lines: list[str]) -> None:
    logger = logging.getLogger("aiocms.access")
    logger.setLevel(logging.INFO)
    request = SimpleNamespace(
        remote="127.0.0.1",
        method="GET",
        raw_path="/a\nb",
        headers={"User-Agent": 'x"\r\ny'},
        get=lambda *_: "id1",
    )
    response = SimpleNamespace(status=200, body_length=12)
    AccessLogger(logger, "").log(request, response, 0.0123)  # type: ignore[arg-type]
    assert lines[-1].endswith(r'id1 aiocms.access: 127.0.0.1 "GET /a\nb" 200 12 12.3ms "x\"\r\ny"')


def test_set_up_leaves_a_program_that_logs_by_itself_alone(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    assert before
    set_up("DEBUG")
    assert root.handlers == before
