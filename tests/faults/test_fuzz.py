"""Hostile requests to every route: never a 5xx, never a dropped connection, never a logged exception."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiocms.core.keys import SETTINGS
from aiocms.testing import Login, MakeClient, MakeSite

from .conftest import FILED, NOTE, Answer, Target, find_forms, restore

# pytest-asyncio runs each example on the loop of the fixtures, and the site may well live through all of them.
bounded: Callable[[int], Any] = lambda most: settings(  # noqa: E731
    max_examples=most,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

NASTY = (
    "", " ", "0", "-1", "1" * 30, str(2**63), str(-(2**63)), str(2**70), "1e999", "NaN", "-0", "Infinity",
    "²", "٣", "\0", "a\0b", "\r\nSet-Cookie: a=b", "\n", "\ud800", "é", "日本", "😀", "\u202e", "\ufeff",
    '{"$gt":""}', "$where", "$ne", "a.$.b", "..", ".", "a..b", "../../etc/passwd", "..%2f", "%", "%zz", "%00",
    "{{7*7}}", "${7*7}", "<script>alert(1)</script>", "' OR 1=1", "x" * 3000, "a," * 900, "[" * 200,
    "*", ".*", "(a+)+$", "~", "~int32:5", "~int64:" + "9" * 40, "~object.AAAA", "~regex.LioAAA", "~null:",
    "~string./////w", "~undefined.", "~array.BQAAAAA", "new", "2024-13-45", "0001-01-01T00:00+23:59", "9999-12-31",
    "uuid:x", "64b00000000000000000000z", "True", "yes", "after~x", "before~" + "A" * 80, "last", "\\", "a\\",
    "//evil.example", "/\\evil.example", "javascript:alert(1)", "/admin/\r\nX: y", "%E2%80%AE", "[0]", '["\\ud800"]',
    "rows[0]", "rows[999999999]", "deep.a.b[1]", "title", "-title", "type:", "add:", "remove:x", "add:lines", "up:",
)  # fmt: skip

# Values that lead somewhere, so that what lies behind the first check is attacked too.
PATHS: dict[str, tuple[str, ...]] = {
    "ns": ("auth", "shop", "database", "desk"),
    "screen": (
        "users",
        "roles",
        "products",
        "categories",
        "notes",
        "files",
        "loose things",
        "sealedpasswords",
    ),
    "id": (str(NOTE), str(FILED), "plain", "~int32:5", "new"),
    "path": ("home", "home/light/lamps", "wear"),
    "name": ("mug-teal-1",),
    "change": ("64b0000000000000000000ff",),
}
QUERY = (
    "q", "sort", "size", "cols", "at", "scan", "add", "op", "value", "columns", "tab", "from", "next", "after",
    "before", "price.gte", "price.lte", "color", "brand", "sku", "picture", "match", "title", "title.contains",
    "title.starts", "pages.between", "pages.gt", "due.after", "due", "_id", "_id.type", "_id.in", "or:title", "tags.empty",
    "or:and:or2:pages", "a[$ne]", "$where", "title[$regex]", "lines.amount", "deep.a.b", "", "superuser", "price.amount",
    "bin", "big.gte", "text.type", "nothing", "x" * 300,
)  # fmt: skip
FIELDS = (
    "csrf_token", "_base", "_end", "_op", "_json", "_save", "_resolve", "_take~x", "_seen~x", "action", "rows", "all",
    "query", "confirm", "username", "password", "next", "title", "pages~t", "pages~x", "pages~k", "lines-0-amount",
    "lines-99-name", "lines-²-name", "lines-x-name~t", "tags-0", "rows-0-a", "rows-²~t", "deep-a-b-7~t", ".d800.~t", "~t",
    ".110000.~t", "..~t", "_~t", "a-" * 70 + "a", "a-" * 40 + "a~t", "title[$ne]", "$set", "__proto__",
)  # fmt: skip
HEADERS = (
    "Host", "Origin", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Accept",
    "Accept-Language", "Accept-Encoding", "User-Agent", "Referer", "If-None-Match", "If-Modified-Since", "Range",
    "HX-Request", "HX-Target", "HX-Current-URL", "X-Request-ID", "X-CSRF-Token", "Content-Encoding", "Upgrade",
    "Sec-Fetch-Site", "Authorization", "Sec-WebSocket-Key", "X-HTTP-Method-Override", "Content-Type", "Expect",
)  # fmt: skip
HEADER_VALUES = (
    b"", b"*", b"\xff\xfe", "é".encode(), b"evil.example", b"evil.example:99999", b"[::1", b"127.0.0.1:x", b"a@b",
    b"null", b"http://[::1", b"https://127.0.0.1", b"," * 900, b"en;q=x,ru;q=9,\xff;q=", b"de-" * 300, b"bytes=9-1",
    b"bytes=0-,5-6,-1", b"W/\"", b"Sun, 99 Foo 9999 99:99:99 GMT", b"gzip;q=0, br;q=2, *;q=nan", b"x" * 8000,
    b"unix:/etc", b"1.2.3.4, 5.6.7.8, \xff", b"application/json", b"text/html;q=0.1,application/json", b"websocket",
    b"true", b"list", b"text/plain; charset=utf-99", b"for=\"[\";host=\"\\", b"-1", b"same-origin", b"100-continue",
)  # fmt: skip

texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40))


def encode(text: str) -> str:
    """Percent-encoded, lone surrogates as the bytes that clients send for them."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def iter_routes(target: Target) -> Iterator[tuple[str, str, str]]:
    """Method, path with placeholders, and name of every route of the running site."""
    for one in target.client.app.router.routes():
        path = one.resource.canonical if one.resource is not None else "/"
        yield one.method if one.method != "*" else "PUT", path, one.name or ""


@st.composite
def paths(draw: Any, template: str) -> str:
    """The path of a route with its variables filled: half of the time with what is there."""

    def fill(match: re.Match[str]) -> str:
        name = match[1].partition(":")[0]
        known = PATHS.get(name, ())
        value = draw(st.one_of(st.sampled_from(known), texts) if known else texts)
        return encode(value) or "x"

    return re.sub(r"\{([^{}]+)\}", fill, template)


queries = st.lists(st.tuples(st.one_of(st.sampled_from(QUERY), texts), texts), max_size=5).map(
    lambda pairs: "&".join(f"{encode(key)}={encode(value)}" for key, value in pairs)
)
raw_queries = st.sampled_from(
    [b"%ff=%fe", b"a[$ne]=1&a[$gt]=", b"q=%", b"%", b"&&&=&", b"=", b"q=%c0%80", b"q=%ED%A0%80", b"sort=%ff,%fe",
     b"q=a;b=c", b"cols=" + b"a," * 3000, b"?" * 300, b"at=after~%ff", b"title.in=" + b"a%2C" * 400,
     b"&".join(b"title=%d" % i for i in range(500)), b"+", b"q=+%0d%0aX:+1", b"size=" + b"9" * 5000,
     b"from=" + b"9" * 5000, b"from=-5&at=rows", b"from=1180591620717411303424&at=rows", b"pages=" + b"9" * 900,
     b"pages.between=" + b"1" * 400 + b"..", b"due=99999-01-01", b"pages=1e5999", b"price.gte=1e309", b"tab=json&at=deep.a"]
)  # fmt: skip
header_rows = st.lists(
    st.tuples(
        st.sampled_from(HEADERS).map(str.encode),
        st.one_of(
            st.sampled_from(HEADER_VALUES),
            st.binary(max_size=30).map(lambda data: re.sub(rb"[\0-\x1f\x7f]", b"_", data)),
        ),
    ),
    max_size=4,
)
cookies = st.sampled_from(
    [b"a=" + b"x" * 10_000, b"\xff\xfe=\xff", b"=", b";;;", b"aiocms_session=\xff", b"__Host-aiocms=\xff\xff", b'a="', b"a=b=c",
     b"aiocms_theme=\"><x>", b"aiocms_language=xx", b"aiocms_language=\xff", b"$Version=1; $Path=/", b"a" * 500 + b"=1"]
)  # fmt: skip


def check(answer: Answer, about: object = "") -> Answer:
    assert 200 <= answer.status < 500, f"{answer.status} for {about!r}: {answer.text[:800]}"
    return answer


class Problems:
    """Failures of many requests, shown together."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __enter__(self) -> None:
        """One request begins."""

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if isinstance(error, AssertionError):
            self.found.append(str(error)[:700])
            return True
        return False

    def show(self) -> None:
        """Fail if there was one."""
        assert not self.found, f"{len(self.found)} failures: " + "\n".join(self.found[:10])


# aiohttp says as a warning what it then passes over.
pytestmark = pytest.mark.filterwarnings(
    "ignore::aiohttp.BadContentDispositionHeader", "ignore::aiohttp.BadContentDispositionParam"
)
USERS = pytest.mark.parametrize("user", ["", "admin"], ids=["anonymous", "admin"])


@USERS
async def test_any_address_query_header_and_cookie_is_answered(
    target: Target, login: Login, no_errors: None, user: str
) -> None:
    if user:
        await target.log_in(login, user)
    routes = [(method, path) for method, path, _ in iter_routes(target) if method == "GET"]
    assert len(routes) >= 14

    @bounded(350)
    @given(st.data())
    def hunt(data: st.DataObject) -> None:
        method, template = data.draw(st.sampled_from(routes))
        path = data.draw(paths(template)).encode()
        query = data.draw(st.one_of(queries.map(str.encode), raw_queries))
        head = data.draw(st.one_of(st.just([]), header_rows))
        cookie = data.draw(st.one_of(st.none(), st.none(), cookies))
        if cookie is not None and target.cookie:
            cookie = target.cookie + b"; " + cookie
        examples.append((method, path + b"?" + query, head, cookie))

    examples: list[Any] = []
    hunt()
    problems = Problems()
    for method, path, head, cookie in examples:
        with problems:
            check(await target.ask(method, path, head, cookie=cookie), (path, head, cookie))
    problems.show()


def urlencoded(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{encode(key)}={encode(value)}" for key, value in pairs).encode()


def multipart(pairs: list[tuple[str, str]], boundary: str = "XX") -> bytes:
    parts = b""
    for key, value in pairs:
        name = (
            key.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode("utf-8", "surrogatepass")
        )
        parts += b'--XX\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n'
        parts += value.encode("utf-8", "surrogatepass") + b"\r\n"
    return parts + b"--XX--\r\n"


FORM, MULTI = b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=XX"
BROKEN: tuple[tuple[bytes, bytes], ...] = (
    (MULTI, b""),
    (MULTI, b"--XX"),
    (MULTI, b"--XX\r\n\r\n"),
    (MULTI, b"--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--"),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="a\r\n\r\nx'),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="a"; filename="../../x\xff"\r\n\r\nx\r\n--XX--\r\n'),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="title"; filename="x"\r\n\r\nx\r\n--XX--\r\n'),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="csrf_token"; filename="x"\r\n\r\nx\r\n--XX--\r\n'),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=x-y\r\n\r\nx\r\n--XX--\r\n'),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--XX--\r\n'),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Encoding: gzip\r\n\r\nx\r\n--XX--\r\n'),
    (MULTI, b"--XX\r\n" + b"X: y\r\n" * 400 + b"\r\nx\r\n--XX--\r\n"),
    (MULTI, b'--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed; boundary=YY\r\n\r\n--YY\r\n\r\n--YY--\r\n--XX--\r\n'),
    (MULTI, multipart([("a", "x")] * 1500)),
    (b"multipart/form-data", b"--XX--"),
    (b"multipart/form-data; boundary=" + b"y" * 100, b"--" + b"y" * 100),
    (b"multipart/form-data; boundary=\xff", b"--\xff--"),
    (b'multipart/form-data; boundary="', b"x"),
    (FORM, b"\xff=\xfe&a"),
    (FORM, b"%ff=%fe&%ED%A0%80=%ED%A0%80"),
    (FORM, b"&".join(b"a%d=1" % i for i in range(1500))),
    (FORM + b"; charset=utf-16", b"a=b"),
    (FORM + b"; charset=rot13", b"a=b"),
    (FORM + b"; charset=idna", b"a=b"),
    (FORM + b"; charset=\xff", b"a=b"),
    (FORM + b"; charset=unicode_escape", b"a=\\ud800"),
    (b"application/json", b"[" * 100_000),
    (b"application/json", b'{"a":' * 3000 + b"1" + b"}" * 3000),
    (b"application/json", b'{"$gt":"","a":NaN,"b":"\\ud800"}'),
    (b"", b"x"), (b"/", b"x"), (b"text/plain", b"\xff"), (b"a/b;" * 50, b"x"), (b"\xff", b"x"),
)  # fmt: skip


@USERS
async def test_any_broken_body_is_answered(target: Target, login: Login, no_errors: None, user: str) -> None:
    if user:
        await target.log_in(login, user)
    routes = [(method, path) for method, path, _ in iter_routes(target) if method not in ("GET", "HEAD")]
    assert len(routes) > 8
    problems = Problems()
    for method, template in routes:
        path = re.sub(r"\{([^{}:]+)[^{}]*\}", lambda match: quote(PATHS.get(match[1], ("x",))[0]), template)
        for number, (kind, body) in enumerate(BROKEN):
            with problems:
                answer = await target.ask(method, path, [(b"Content-Type", kind)], body)
                check(answer, (method, path, number, kind))
    problems.show()


async def test_lying_lengths_and_bodies_over_the_limit_are_answered(
    target: Target, login: Login, no_errors: None
) -> None:
    await target.log_in(login)
    head = [(b"Content-Type", FORM)]
    limit = int(target.client.app[SETTINGS].body_limit)
    for path in ("/login", "/account", "/admin/desk/notes/new", f"/admin/desk/notes/{NOTE}"):
        big = b"a=" + b"x" * (limit + 10)
        assert (await target.ask("POST", path, head, big)).status == 413
        chunked = [*head, (b"Transfer-Encoding", b"chunked")]
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(big), big)
        assert (await target.ask("POST", path, chunked, body)).status == 413
        many = b"&".join(b"a%d=1" % i for i in range(20_000))
        assert (await target.ask("POST", path, head, many)).status == 413
        assert (await target.ask("POST", path, head, b"a=b", length=b"-5")).status == 400
        assert (await target.ask("POST", path, head, b"a=b", length=b"1e3")).status == 400
        assert (await target.ask("POST", path, chunked, b"zz\r\nabc\r\n0\r\n\r\n")).status == 400
        # Longer than the body, and the browser goes away: nobody is left to be answered, nothing is logged.
        await target.ask("POST", path, head, b"a=b", length=b"5000", cut=True)


async def list_forms(target: Target) -> list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
    """The posting forms of the pages that an admin sees: action, fields, buttons."""
    pages = ["/account", "/admin/", "/login"]
    for ns, screen, one in (
        ("desk", "notes", str(NOTE)), ("desk", "files", str(FILED)), ("database", "loose%20things", "plain"),
        ("auth", "roles", ""),
    ):  # fmt: skip
        base = f"/admin/{ns}/{screen}/"
        pages += [
            base,
            f"{base}new",
            *([base + one, f"{base}{one}?tab=json", f"{base}{one}/delete"] if one else []),
        ]
    found = []
    for page in pages:
        answer = check(await target.ask("GET", page), page)
        for method, action, fields, buttons in find_forms(answer.text):
            if method == "post" and not action.endswith("/logout"):
                found.append((action or page, fields, buttons))
    assert len(found) > 10
    return found


async def test_any_change_to_a_form_of_the_site_is_answered(
    target: Target, login: Login, no_errors: None, db: Any
) -> None:
    await target.log_in(login)
    forms = await list_forms(target)
    names = sorted({name for _, fields, _ in forms for name, _ in fields} | set(FIELDS))

    @bounded(450)
    @given(st.data())
    def hunt(data: st.DataObject) -> None:
        action, fields, buttons = data.draw(st.sampled_from(forms))
        pairs = list(fields)
        if buttons and data.draw(st.booleans()):
            pairs.append(data.draw(st.sampled_from(buttons)))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, max(len(pairs) - 1, 0)))
            match data.draw(
                st.sampled_from(["value", "value", "value", "name", "drop", "twice", "more", "swap"])
            ):
                case "value" if pairs:
                    pairs[at] = (pairs[at][0], data.draw(texts))
                case "name" if pairs:
                    pairs[at] = (pairs[at][0] + data.draw(texts), pairs[at][1])
                case "drop" if pairs:
                    del pairs[at]
                case "twice" if pairs:
                    pairs.insert(at, (pairs[at][0], data.draw(texts)))
                case "more":
                    pairs.append((data.draw(st.one_of(st.sampled_from(names), texts)), data.draw(texts)))
                case "swap" if pairs:
                    other = data.draw(st.integers(0, len(pairs) - 1))
                    pairs[at] = (pairs[at][0], pairs[other][1])
        examples.append((action, pairs, data.draw(st.booleans())))

    examples: list[Any] = []
    hunt()
    problems = Problems()
    for action, pairs, as_parts in examples:
        # The forms are older than the last login after a password was changed or sessions were ended.
        pairs = [
            (key, target.token if key == "csrf_token" and len(value) == 86 else value) for key, value in pairs
        ]
        kind, body = (MULTI, multipart(pairs)) if as_parts else (FORM, urlencoded(pairs))
        await restore(db)
        answer = Answer(0, b"", b"")
        with problems:
            answer = await target.ask("POST", action, [(b"Content-Type", kind)], body)
            check(answer, (action, pairs))
        if answer.status == 401 or "__Host-" in answer.header("Set-Cookie"):
            await target.log_in(login, f"admin{random.getrandbits(40)}")
    problems.show()


async def test_extended_json_of_any_shape_is_answered(target: Target, login: Login, no_errors: None) -> None:
    await target.log_in(login)
    page = f"/admin/desk/notes/{NOTE}?tab=json"
    fields = next(
        fields
        for _, _, fields, _ in find_forms((await target.ask("GET", page)).text)
        if "_json" in dict(fields)
    )
    problems = Problems()
    for text in (
        "", "{", "[]", "1", "null", '"x"', "{}", '{"a":' * 5000, "[" * 100_000, '{"a":' * 300 + "1" + "}" * 300,
        '{"a":{"$oid":"x"}}', '{"a":{"$date":{"$numberLong":"9999999999999999999999"}}}', '{"a":{"$date":"9"}}',
        '{"a":{"$numberInt":"99999999999"}}', '{"a":{"$numberDecimal":"1e99999"}}', '{"a":{"$binary":{"base64":"!","subType":"00"}}}',
        '{"a":{"$binary":{"base64":"","subType":"zzz"}}}', '{"a":{"$regularExpression":{"pattern":"\\u0000","options":"q"}}}',
        '{"a":{"$timestamp":{"t":-1,"i":99999999999}}}', '{"a":{"$uuid":"x"}}', '{"a":{"$ref":1,"$id":2}}', '{"$oid":"x"}',
        '{"a":{"$code":1}}', '{"a":{"$undefined":true}}', '{"a":{"$minKey":2}}', '{"a":{"$symbol":"x"}}', '{"a":{"$dbPointer":{}}}',
        '{"a":"\\ud800"}', '{"\\ud800":1}', '{"a\\u0000b":1}', '{"":1,"$set":2,"a.b":3}', '{"a":1,"a":2}', '{"_id":5}',
        '{"_id":{"$regularExpression":{"pattern":".","options":""}}}', '{"a":NaN}', '{"a":1e999}', '{"a":' + "9" * 5000 + "}",
        '{"a":{"$numberLong":"' + "9" * 5000 + '"}}', "\ufeff{}", "{'a':1}", '{"a":"' + "x" * 500_000 + '"}', '{"a":{"$kept":"x"}}',
        '{"a":{"$masked":true}}', *(f'{{"a":{{"$bson":{{"type":"{kind}","base64":"{body}"}}}}}}' for kind, body in (
            ("object", "BQAAAAA="), ("object", "DQAAAGthAAAAAAAA"), ("string", ""), ("string", "/////w=="), ("array", "BQAAAAE="),
            ("binary", "AQAAAAQA"), ("regex", "AAAA"), ("x", ""), ("codeWithScope", "AAAAAA=="), ("date", "/////////38="),
        )), '{"$bson":{"type":"object","base64":"CgAAAGthAAAAAAAA"}}', '{"a":{"$bson":5}}', '{"a":{"$bson":{"type":[],"base64":1}}}', '{"a":{"$numberDouble":"NaN"}}', '{"a":{"$numberDouble":"x"}}', '{"a":{"$date":"2024-01-01T99:00:00Z"}}',
    ):  # fmt: skip
        pairs = [(key, text if key == "_json" else value) for key, value in fields]
        for url in (page, "/admin/desk/notes/new"):
            with problems:
                answer = await target.ask("POST", url, [(b"Content-Type", FORM)], urlencoded(pairs))
                check(answer, text[:80])
    problems.show()


async def test_malformed_http_is_refused_and_the_site_goes_on(target: Target, no_errors: None) -> None:
    url = target.client.make_url("/")
    host = f"{url.host}:{url.port}".encode()
    for method, path, head, body in (
        ("GET", "/", [(b"Host", host), (b"Host", b"evil")], b""),
        ("GET", "/", [(b"X" * 9000, b"y")], b""),
        ("GET", "/" + "a" * 20_000, [], b""),
        ("GET", "/login\x01", [], b""),
        ("GET", "*", [], b""),
        ("OPTIONS", "*", [], b""),
        ("CONNECT", "evil.example:443", [], b""),
        ("TRACE", "/", [], b""),
        ("FOO-BAR", "/login", [], b""),
        ("POST", "/login", [(b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"3")], b"0\r\n\r\n"),
        ("GET", "/", [(b"X", b"y")] * 200, b""),
        ("GET", "//evil.example/..", [], b""),
        ("GET", "/static/../../../etc/passwd", [], b""),
        ("GET", "/static/%2e%2e/%2e%2e/etc/passwd", [], b""),
        ("GET", "/static/core/..%2f..%2f..%2fsettings.py", [], b""),
        ("GET", "/static/core/%00", [], b""),
        ("GET", "/static/core/\\..\\..\\x", [], b""),
    ):  # fmt: skip
        answer = await target.ask(method, path, head, body)
        assert answer.status in range(300, 500) or (method, path) in (("OPTIONS", "*"),), (
            method,
            path,
            answer.status,
        )
        if answer.status in (301, 302, 303, 307, 308):
            assert not answer.header("Location").startswith(("//", "http://evil"))
    assert (await target.ask("GET", "/login")).status == 200


async def test_foreign_host_is_refused_however_it_is_given(
    make_site: MakeSite, make_client: MakeClient, no_errors: None
) -> None:
    site = make_site(apps=["auth"])
    target = Target(await make_client(site, allowed_hosts=["127.0.0.1"], trusted_proxies=1))
    for path, head in (
        ("http://evil.example/login", []),
        ("/login", [(b"Host", b"evil.example")]),
        ("/login", [(b"Host", b"\xff")]),
        ("/login", [(b"X-Forwarded-Host", b"evil.example")]),
        ("http://evil.example/login", [(b"X-Forwarded-Host", b"evil.example")]),
    ):
        answer = await target.ask("GET", path, head)
        assert answer.status in (400, 421), (path, head)
        assert "evil" not in answer.text
    assert (await target.ask("GET", "/login")).status == 200
