"""``aiocms startproject`` and ``aiocms startapp``: a copy of the starter under a new name."""

from __future__ import annotations

import keyword
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

import aiocms
from aiocms.cli.site import find_site
from aiocms.core.discover import RESERVED
from aiocms.core.errors import AiocmsError

STARTER_APP = "notes"
NOT_COPIED = {"__pycache__", "var", ".pytest_cache"}


def start_project(name: str, folder: Path | None = None) -> Path:
    """A new site: the starter under the given name.

    Parameters:
        name: name of the site and of its folder.
        folder: where the site's folder is made; default: here.

    Returns:
        The new folder.
    Raises:
        AiocmsError: the name does not fit, or the folder exists.
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name):
        raise AiocmsError(
            f"{name!r} is no name for a site: begin with a letter, go on with letters, digits, - and _.\n"
            "For another place, go there first: cd /srv && aiocms startproject mysite"
        )
    target = (folder or Path.cwd()) / name
    words = {"starter": name, "Starter": make_title(name)}
    _copy(find_sites_folder() / "starter", target, words)
    return target


def start_app(site: Path, name: str) -> Path:
    """A new app in a site: the starter's app under the given name.

    Returns:
        The new folder, ``apps/<name>`` of the site.
    Raises:
        AiocmsError: the name does not fit or is taken.
    """
    check_namespace(name)
    words = {STARTER_APP: name, STARTER_APP.title(): make_title(name)}
    target = site / "apps" / name
    _copy(find_sites_folder() / "starter" / "apps" / STARTER_APP, target, words)
    return target


def check_namespace(name: str) -> None:
    """Nothing when the name may be that of a new app.

    Raises:
        AiocmsError: it may not; the text says why.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        wish = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        hint = f", e.g. {wish!r}" if re.fullmatch(r"[a-z][a-z0-9_]*", wish) else ""
        raise AiocmsError(
            f"{name!r} is no name for an app: begin with a-z, go on with a-z, digits and _{hint}.\n"
            "It becomes a Python package, and the namespace of templates and routes."
        )
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise AiocmsError(f"{name!r} is a word of Python; an app needs another name, e.g. '{name}s'.")
    reserved = {**RESERVED, "core": "belongs to aiocms itself"}
    if name in reserved:
        raise AiocmsError(f"{name!r} {reserved[name]}; an app needs another name.")
    if (Path(aiocms.__file__).parent / name / "app.py").is_file():
        raise AiocmsError(
            f"{name!r} is an app of aiocms. To override one template: aiocms templates copy {name}:NAME\n"
            f"To overlay the whole app, make the folder apps/{name} with just the files that differ."
        )


def find_sites_folder() -> Path:
    """The folder of the sites that come with aiocms: in the package, or beside it in a checkout.

    Raises:
        AiocmsError: the installation is broken.
    """
    package = Path(aiocms.__file__).parent
    for folder in (package / "sites", package.parent / "sites"):
        if (folder / "starter" / "settings.py").is_file():
            return folder
    raise AiocmsError(
        "The starter site is missing from this installation; pip install --force-reinstall aiocms"
    )


def make_title(name: str) -> str:
    """A name for people: ``my_site`` → ``My site``."""
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _copy(source: Path, target: Path, words: Mapping[str, str]) -> None:
    """Copy a folder with words replaced; all of it, or nothing of it.

    Raises:
        AiocmsError: the target exists, or cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise AiocmsError(
            f"{target} exists already; nothing was written. Choose another name, or move it away."
        )
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        for path in _iter_files(source):
            copy = part / _replace(path.relative_to(source).as_posix(), words)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(_replace_in_bytes(path.read_bytes(), words))
        part.rename(target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise AiocmsError(
            f"{target} cannot be written: {error.strerror or error}. Choose another folder."
        ) from error


def _iter_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not NOT_COPIED.intersection(path.relative_to(folder).parts):
            yield path


def _replace(text: str, words: Mapping[str, str]) -> str:
    """Replace whole words; the underscore ends a word here, so that notes_entries is met too."""
    pattern = "|".join(re.escape(word) for word in words)
    return re.sub(
        rf"(?<![A-Za-z0-9])({pattern})(?![A-Za-z0-9])",
        lambda match: words[match.group()],
        text,
    )


def _replace_in_bytes(content: bytes, words: Mapping[str, str]) -> bytes:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content  # an image
    return _replace(text, words).encode()


@click.command()
@click.argument("name")
def startproject(name: str) -> None:
    """Make a new site in the folder NAME.

    \b
    Example:
      aiocms startproject mysite
      cd mysite
      aiocms run
    """
    announce_project(start_project(name))


def announce_project(folder: Path) -> None:
    """Say what was made and what comes next."""
    click.echo(f"Made the site {folder.name}. Next:\n")
    click.echo(f"  cd {folder.name}")
    click.echo("  aiocms createuser --username admin --superuser")
    click.echo("  aiocms run")


@click.command()
@click.argument("name")
def startapp(name: str) -> None:
    """Make a new app in apps/NAME of the site, with pages, an admin screen and tests.

    \b
    Example:
      aiocms startapp blog
      aiocms run                # then open /blog
    """
    announce_app(start_app(find_site(), name))


def announce_app(folder: Path) -> None:
    """Say what was made and what comes next."""
    click.echo(f"Made apps/{folder.name}. Its page is /{folder.name}, its screen is in the admin.")
    click.echo("See the whole site's routes with: aiocms routes")


commands = (startproject, startapp)
