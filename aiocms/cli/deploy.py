"""``aiocms deploy``: configurations of the programs around a site, made for this very site."""

from __future__ import annotations

import getpass
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import jinja2

from aiocms.cli.site import get_plan
from aiocms.core.errors import AiocmsError
from aiocms.core.settings import Settings

CONFIGS = Path(__file__).parent / "configs"


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the configurations need to know.

    Parameters:
        folder: the site's folder.
        static: folder that ``aiocms collect`` fills.
        domain: host name that visitors use.
        tls: whether nginx speaks HTTPS.
        certificate: folder of ``fullchain.pem`` and ``privkey.pem``.
        user: whom the workers run as.
        workers: number of worker processes; None: one for each core.
        options: the options given, for the comment that tells how the file was made.
    """

    settings: Settings
    folder: Path
    static: Path
    domain: str
    tls: bool
    certificate: Path
    user: str
    workers: int | None = None
    options: str = ""
    python: str = sys.executable

    @property
    def name(self) -> str:
        """The site's name as all these programs can read it."""
        return re.sub(r"[^a-z0-9]+", "_", self.folder.name.lower()).strip("_") or "site"


def make_config(kind: str, deployment: Deployment) -> str:
    """The text of a configuration.

    Parameters:
        kind: ``nginx``, ``gunicorn``, ``systemd`` or ``supervisor``.

    Returns:
        The text, ready to be saved.
    Raises:
        AiocmsError: a path cannot be written in such a file.
    """
    template = next(CONFIGS.glob(f"{kind}.*.tpl"))
    environment = jinja2.Environment(  # noqa: S701 - no HTML is made here; every path is quoted below
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    text = template.read_text(encoding="utf-8")
    return environment.from_string(text).render(_make_context(deployment)).rstrip("\n")


def _make_context(deployment: Deployment) -> dict[str, Any]:
    settings, folder = deployment.settings, deployment.folder
    config = str(folder / "gunicorn.conf.py")
    for path in (folder, deployment.static, deployment.certificate, settings.var, deployment.python):
        if re.search(r"[\x00-\x1f\x7f]", str(path)):
            raise AiocmsError(
                f"The path {str(path)!r} holds control characters; move the site to another folder."
            )
    return {
        "name": deployment.name,
        "options": f" {deployment.options}" if deployment.options else "",
        "host": _get_loopback(settings.host),
        "port": settings.port,
        "domain": deployment.domain,
        "tls": deployment.tls,
        "certificate": quote_nginx(str(deployment.certificate / "fullchain.pem")),
        "certificate_key": quote_nginx(str(deployment.certificate / "privkey.pem")),
        "static": quote_nginx(f"{deployment.static}/"),
        "static_plain": deployment.static,
        "body_limit": settings.body_limit,
        "stop_seconds": int(settings.shutdown_timeout) + 1,
        "workers": deployment.workers,
        "user": deployment.user,
        "var": settings.var,
        "var_systemd": quote_systemd(str(settings.var), command=False),
        "folder": folder,
        "folder_python": repr(str(folder)),
        "folder_systemd_plain": str(folder).replace("%", "%%"),
        "folder_supervisor_plain": str(folder).replace("%", "%%"),
        "python_systemd": quote_systemd(deployment.python),
        "config_systemd": quote_systemd(config),
        "python_supervisor": quote_supervisor(deployment.python),
        "config_supervisor": quote_supervisor(config),
        "site_url": f"{'https' if deployment.tls else 'http'}://{deployment.domain}",
        "site_url_missing": not settings.site_url and deployment.domain != "_",
    }


def quote_nginx(text: str) -> str:
    """A word of an nginx configuration; quoted only when it must be.

    Raises:
        AiocmsError: the word holds a ``$``, which nginx cannot take literally.
    """
    if re.fullmatch(r"[\w./:@+-]+", text, re.ASCII):
        return text
    if "$" in text:
        raise AiocmsError(f"nginx takes $ for a variable, so it cannot use {text!r}; use a path without it.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quote_systemd(text: str, *, command: bool = True) -> str:
    """A word of a systemd command line, or of a list of paths; quoted only when it must be."""
    text = text.replace("%", "%%")
    text = text.replace("$", "$$") if command else text
    if re.fullmatch(r"[\w./:@+%$-]+", text, re.ASCII):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quote_supervisor(text: str) -> str:
    """A word of a supervisor command line; quoted only when it must be."""
    text = text.replace("%", "%%")
    if re.fullmatch(r"[\w./:@+%-]+", text, re.ASCII):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _get_loopback(host: str) -> str:
    """The workers listen for nginx only, even where `aiocms run` listens for everybody."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104


@click.command()
@click.argument("kind", type=click.Choice(("nginx", "gunicorn", "systemd", "supervisor")))
@click.option("--domain", help="Host name that visitors use; default: that of the setting site_url.")
@click.option(
    "--static", "static", type=click.Path(path_type=Path), help="Folder that `aiocms collect` fills."
)
@click.option("--no-tls", is_flag=True, help="nginx speaks plain HTTP, for a site behind another proxy.")
@click.option(
    "--certificate", type=click.Path(path_type=Path), help="Folder of fullchain.pem and privkey.pem."
)
@click.option("--user", help="User that the workers run as; default: you, or www-data for root.")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes; default: one for each core.")
def deploy(
    kind: str,
    domain: str | None,
    static: Path | None,
    no_tls: bool,
    certificate: Path | None,
    user: str | None,
    workers: int | None,
) -> None:
    """Print a configuration for this site. Nothing is changed or installed.

    Visitors talk to nginx, nginx to the gunicorn workers on the setting `port`, and systemd or
    supervisor keeps the workers running.

    \b
    Examples:
      aiocms deploy gunicorn > gunicorn.conf.py
      aiocms deploy nginx --domain shop.example.org > /etc/nginx/conf.d/shop.conf
      aiocms deploy systemd --user www-data > /etc/systemd/system/shop.service
      aiocms deploy supervisor > /etc/supervisor/conf.d/shop.conf
    """
    plan = get_plan()
    domain = domain or urlsplit(plan.settings.site_url).hostname
    if not domain:
        if kind == "nginx":
            raise AiocmsError(
                "Which host name? Say --domain shop.example.org, or set site_url in settings.py."
            )
        domain = "_"
    check_domain(domain)
    given = (("--domain", domain if domain != "_" else None), ("--static", static), ("--user", user))
    deployment = Deployment(
        settings=plan.settings,
        folder=plan.site,
        static=(static or plan.settings.var / "static").resolve(),
        domain=domain,
        tls=not no_tls,
        certificate=(certificate or Path("/etc/letsencrypt/live") / domain).absolute(),
        user=user or _get_user(),
        workers=workers,
        options=shlex.join(word for name, value in given if value for word in (name, str(value))),
    )
    click.echo(make_config(kind, deployment))


def check_domain(domain: str) -> None:
    """Nothing when the text is a host name.

    Raises:
        AiocmsError: it is not; the text goes into a configuration, so nothing else may pass.
    """
    if domain != "_" and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", domain):
        raise AiocmsError(f"{domain!r} is no host name; say one such as shop.example.org, without https://.")


def _get_user() -> str:
    user = getpass.getuser()
    return "www-data" if user == "root" else user


commands = (deploy,)
