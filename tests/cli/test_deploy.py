"""deploy: configurations for this very site."""

from __future__ import annotations

import configparser
import http.client
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from email.message import Message
from pathlib import Path
from typing import IO, Any

import pytest

from aiocms.cli.deploy import check_domain, quote_nginx, quote_supervisor, quote_systemd
from aiocms.core.errors import AiocmsError
from aiocms.testing import MakeSite
from tests.cli.conftest import RunCli, write

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose folder makes every format quote."""
    text = (
        'body_limit = 3_000_000\nport = 8123\nsite_url = "https://shop.example.org"\nshutdown_timeout = 7\n'
    )
    return write(tmp_path / "my 100% site", {"settings.py": text})


def run_python(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "gunicorn.conf.py", "exec"), names)
    return names


def find_blocks(text: str, head: str) -> list[str]:
    """The insides of nginx blocks that begin with ``head``."""
    found = []
    for match in re.finditer(rf"(?m)^\s*{re.escape(head)} \{{", text):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found.append(text[match.end() : end - 1])
    return found


def check_nginx_structure(text: str) -> None:
    """Every statement ends with ; or opens or closes a block, words are quoted in pairs, blocks match."""
    depth = 0
    for line in re.sub(r"(?m)(^|\s)#.*$", "", text).splitlines():
        bare = re.sub(r'"(\\.|[^"\\])*"', "word", line).strip()
        assert not bare or re.fullmatch(r'[^{};"]+ \{|\}|[^{};"]+;', bare), line
        depth += {"{": 1, "}": -1}.get(bare[-1:], 0)
        assert depth >= 0
    assert depth == 0


def test_nginx_has_the_sites_own_numbers(run_cli: RunCli, site: Path) -> None:
    text = run_cli("deploy", "nginx", cwd=site).out
    assert "server 127.0.0.1:8123 fail_timeout=0;" in text
    assert "client_max_body_size 3000000;" in text
    assert text.count("server_name shop.example.org;") == 2
    assert f'alias "{site}/var/static/";' in text


def test_nginx_replaces_forwarded_headers_and_upgrades_websockets(run_cli: RunCli, site: Path) -> None:
    text = run_cli("deploy", "nginx", cwd=site).out
    [proxy] = find_blocks(text, "location @my_100_site")
    assert "$proxy_add_x_forwarded_for;" not in proxy, "what visitors send must not pass"
    for name, value in {
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": "$host",
        "Host": "$host",
        "Upgrade": "$http_upgrade",
        "Connection": "$my_100_site_connection",
    }.items():
        assert re.search(rf"proxy_set_header {name}\s+{re.escape(value)};", proxy), name
    assert "proxy_http_version 1.1;" in proxy


def test_nginx_bounds_slow_clients(run_cli: RunCli, site: Path) -> None:
    text = run_cli("deploy", "nginx", cwd=site).out
    for directive in ("client_header_timeout", "client_body_timeout", "send_timeout", "limit_conn"):
        assert re.search(rf"(?m)^    {directive}\s+\S+", text), directive
    assert "proxy_request_buffering on;" in text


@pytest.mark.parametrize("options", [(), ("--no-tls",), ("--static", "/srv/static files")])
def test_nginx_accepts_what_is_printed(
    run_cli: RunCli, site: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    pem = tmp_path / "pem"
    pem.mkdir()
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=shop.example.org"),
            *("-keyout", pem / "privkey.pem", "-out", pem / "fullchain.pem", "-days", "1"),
        ],
        check=True,
        capture_output=True,
    )
    done = run_cli("deploy", "nginx", "--certificate", str(pem), *options, cwd=site)
    assert done.code == 0, done.err
    check_nginx_structure(done.out)
    if NGINX is None:
        return  # its own check is made where there is one
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi")
    )
    folders += "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in ("uwsgi", "scgi"))
    whole = f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{done.out}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    command = [NGINX, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path, "-e", tmp_path / "error.log"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_nginx_without_a_host_name_asks_for_one(run_cli: RunCli, tmp_path: Path) -> None:
    site = write(tmp_path / "plain", {"settings.py": ""})
    done = run_cli("deploy", "nginx", cwd=site)
    assert (done.code, done.out) == (1, "")
    assert "--domain" in done.err
    assert run_cli("deploy", "nginx", "--domain", "a.example", cwd=site).code == 0


def test_gunicorn_runs_aiohttp_workers_for_this_site(run_cli: RunCli, site: Path) -> None:
    names = run_python(run_cli("deploy", "gunicorn", cwd=site).out)
    assert names["worker_class"] == "aiocms.cli.worker.Worker"
    assert names["bind"] == "127.0.0.1:8123"
    assert names["chdir"] == str(site)
    assert names["wsgi_app"] == "app:app"
    assert names["workers"] >= 2
    assert names["graceful_timeout"] > 7
    assert names["keepalive"] > 60, "longer than nginx keeps its connections"
    assert {"AIOCMS_DEBUG=0", "AIOCMS_TRUSTED_PROXIES=1"} <= set(names["raw_env"])


def test_gunicorn_knows_every_setting_that_is_printed(run_cli: RunCli, site: Path) -> None:
    from gunicorn.config import KNOWN_SETTINGS

    names = run_python(run_cli("deploy", "gunicorn", "--workers", "3", cwd=site).out)
    printed = {name for name in names if not name.startswith("__")} - {"multiprocessing"}
    assert printed <= {setting.name for setting in KNOWN_SETTINGS}
    assert names["workers"] == 3


def test_gunicorn_serves_the_site_and_its_lines_carry_the_ids_of_requests(
    run_cli: RunCli, make_site: MakeSite, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = "from aiocms import create_app\n\napp = create_app(__file__)\n"
    site = make_site({"app.py": app}, port=port)
    config = tmp_path / "gunicorn.conf.py"
    config.write_text(run_cli("deploy", "gunicorn", "--workers", "1", cwd=site).out)
    command = [sys.executable, "-m", "gunicorn", "--config", config, "app:app"]
    with subprocess.Popen(command, cwd=site, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            told = _read_until(server.stderr, "Booting worker")
            answer = _ask(port, "/nowhere")
            told += _read_until(server.stderr, "/nowhere")
        finally:
            server.terminate()
    line = told.splitlines()[-1]
    assert f" INFO {answer['X-Request-ID']} aiocms.access: 127.0.0.1 " in line and '" 404 ' in line


def _read_until(stream: IO[str], text: str) -> str:
    told = ""
    for line in stream:
        told += line
        if text in line:
            return told
    raise AssertionError(f"gunicorn ended without {text!r}:\n{told}")


def _ask(port: int, path: str) -> Message:
    """The headers of an answer, as soon as the server takes connections."""
    for _ in range(300):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().msg
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("gunicorn does not listen")


def test_workers_listen_for_nginx_only(run_cli: RunCli, tmp_path: Path) -> None:
    site = write(tmp_path / "plain", {"settings.py": 'host = "0.0.0.0"\n'})
    assert run_python(run_cli("deploy", "gunicorn", cwd=site).out)["bind"] == "127.0.0.1:8080"


def test_gunicorn_is_told_the_domain_that_settings_do_not_know(run_cli: RunCli, tmp_path: Path) -> None:
    site = write(tmp_path / "plain", {"settings.py": ""})
    names = run_python(run_cli("deploy", "gunicorn", "--domain", "a.example", cwd=site).out)
    assert "AIOCMS_SITE_URL=https://a.example" in names["raw_env"]


def test_systemd_starts_this_site_and_lets_it_finish(run_cli: RunCli, site: Path) -> None:
    text = run_cli("deploy", "systemd", "--user", "www-data", cwd=site).out
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(text)
    service = unit["Service"]
    assert service["WorkingDirectory"] == str(site).replace("%", "%%")
    assert service["User"] == "www-data"
    words = shlex.split(service["ExecStart"].replace("%%", "%"))
    assert words[1:] == ["-m", "gunicorn", "--config", f"{site}/gunicorn.conf.py", "app:app"]
    assert int(service["TimeoutStopSec"]) > 7
    assert service["KillMode"] == "mixed"


def test_systemd_accepts_what_is_printed(run_cli: RunCli, tmp_path: Path) -> None:
    site = write(tmp_path / "my 100% site", {"settings.py": ""})
    unit = tmp_path / "mysite.service"
    unit.write_text(run_cli("deploy", "systemd", "--user", "root", cwd=site).out)
    assert re.findall(r"(?m)^(?!#|\[[A-Z][a-z]+\]$|[A-Za-z]+=\S).+$", unit.read_text()) == []
    if SYSTEMD_ANALYZE is None:
        return  # its own check is made where there is one
    command = [SYSTEMD_ANALYZE, "verify", "--man=no", "--recursive-errors=no", unit]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = [line for line in checked.stderr.splitlines() if unit.name in line]
    assert complaints == []


def test_supervisor_starts_this_site_and_restarts_it(run_cli: RunCli, site: Path) -> None:
    text = run_cli("deploy", "supervisor", cwd=site).out
    config = configparser.RawConfigParser(inline_comment_prefixes=(" ;",))
    config.read_string(text)
    program = config["program:my_100_site"]
    words = shlex.split(program["command"].replace("%%", "%"))
    assert words[1:] == ["-m", "gunicorn", "--config", f"{site}/gunicorn.conf.py", "app:app"]
    assert program["directory"].replace("%%", "%") == str(site)
    assert program["autorestart"] == "true"
    assert program["stopasgroup"] == "false"
    assert int(program["stopwaitsecs"]) > 7


@pytest.mark.parametrize("kind", ["nginx", "gunicorn", "systemd", "supervisor"])
def test_secrets_are_never_printed(run_cli: RunCli, tmp_path: Path, kind: str) -> None:
    uri = "mongodb://me:hunter2hunter2@db.example.org/"
    site = write(tmp_path / "s", {"settings.py": f'database = "{uri}"\nsecret_key = "{"k" * 64}"\n'})
    done = run_cli("deploy", kind, "--domain", "a.example", cwd=site)
    assert done.code == 0, done.err
    assert "hunter2" not in done.out
    assert "kkkk" not in done.out


@pytest.mark.parametrize(
    "domain", ["a b", "a;b", "https://a.example", "a.example/x", "-a", "a{", "a\n", "ä.example"]
)
def test_odd_domain_never_reaches_a_configuration(domain: str) -> None:
    with pytest.raises(AiocmsError, match="no host name"):
        check_domain(domain)


def test_words_are_quoted_for_each_program() -> None:
    assert quote_nginx("/srv/site/") == "/srv/site/"
    assert quote_nginx('/srv/my "site"/') == r'"/srv/my \"site\"/"'
    with pytest.raises(AiocmsError, match="nginx"):
        quote_nginx("/srv/$site/")
    assert quote_systemd("/srv/100% $x") == '"/srv/100%% $$x"'
    assert quote_systemd("/srv/$x", command=False) == "/srv/$x"
    assert quote_supervisor("/srv/100% x") == '"/srv/100%% x"'


def test_unknown_kind_lists_the_known_ones(run_cli: RunCli, site: Path) -> None:
    done = run_cli("deploy", "apache", cwd=site)
    assert done.code == 2
    assert "supervisor" in done.err
