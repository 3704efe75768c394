"""startproject and startapp."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiocms.cli.start import find_sites_folder, make_title, start_app, start_project
from aiocms.core.discover import RESERVED
from aiocms.core.errors import AiocmsError
from aiocms.core.site import plan_site
from tests.cli.conftest import RunCli


def read_all(folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("args", [("startproject", "shop2"), ("-p", "shop2")])
def test_startproject_makes_site_without_faults(
    run_cli: RunCli, tmp_path: Path, args: tuple[str, ...]
) -> None:
    made = run_cli(*args)
    assert made.code == 0, made.err
    assert "cd shop2" in made.out
    checked = run_cli("check", cwd=tmp_path / "shop2")
    assert checked.code == 0, checked.err
    assert "no faults" in checked.out


def test_startproject_copies_every_file_of_the_starter(tmp_path: Path) -> None:
    site = start_project("mysite", tmp_path)
    starter = find_sites_folder() / "starter"
    wanted = {
        path.relative_to(starter).as_posix()
        for path in starter.rglob("*")
        if path.is_file() and not {"__pycache__", "var", ".pytest_cache"}.intersection(path.parts)
    }
    assert {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} == wanted
    assert ".gitignore" in wanted


def test_new_site_bears_its_own_name(tmp_path: Path) -> None:
    site = start_project("garden-club", tmp_path)
    text = read_all(site)
    assert 'title = "Garden club"' in text
    assert "starter" not in text.lower()


def test_every_name_that_is_allowed_gives_a_readable_site(tmp_path: Path) -> None:
    for name in ("a", "My_Site", "site-2", "test", "json", "class"):
        plan = plan_site(start_project(name, tmp_path))
        assert "notes" in plan.namespaces


@pytest.mark.parametrize("name", ["", "../x", "/tmp/x", "2much", "a b", "a.b", ".", "ä", "a\n", "-x"])
def test_startproject_refuses_odd_name_and_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(AiocmsError, match="is no name for a site"):
        start_project(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_startproject_leaves_existing_folder_alone(run_cli: RunCli, tmp_path: Path) -> None:
    (tmp_path / "mysite").mkdir()
    (tmp_path / "mysite" / "precious.txt").write_text("mine")
    done = run_cli("startproject", "mysite")
    assert done.code == 1
    assert "exists already" in done.err
    assert [path.name for path in (tmp_path / "mysite").iterdir()] == ["precious.txt"]


def test_startproject_in_read_only_folder_says_so() -> None:
    with pytest.raises(AiocmsError, match="cannot be written"):
        start_project("mysite", Path("/proc"))  # read-only for root too


def test_startproject_below_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AiocmsError, match="cannot be written"):
        start_project("mysite", tmp_path / "file")


@pytest.mark.parametrize("args", [("startapp", "blog"), ("-a", "blog")])
def test_startapp_adds_app_that_is_found(run_cli: RunCli, site: Path, args: tuple[str, ...]) -> None:
    (site / "apps" / "blog").rename(site / "apps" / "journal")
    (site / "settings.py").write_text('apps = ["auth", "admin"]')
    made = run_cli(*args, cwd=site)
    assert made.code == 0, made.err
    plan = plan_site(site)
    assert plan.routes["blog:detail"].path == "/blog/{slug}"
    assert ("blog", "Entries") in plan.screens
    assert {index.collection for index in plan.indexes} >= {"blog_entries"}
    assert "notes" not in read_all(site / "apps" / "blog").lower()


def test_two_apps_from_the_starter_live_side_by_side(tmp_path: Path) -> None:
    site = start_project("mysite", tmp_path)
    start_app(site, "blog")
    start_app(site, "press_releases")
    assert {"notes", "blog", "press_releases"} <= set(plan_site(site).namespaces)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Blog", "'blog'"),
        ("my-blog", "'my_blog'"),
        ("2day", "is no name"),
        ("../x", "is no name"),
        ("", "is no name"),
        ("class", "word of Python"),
        ("match", "word of Python"),
        ("core", "belongs to aiocms"),
        ("admin", "templates copy"),
        *RESERVED.items(),
    ],
)
def test_startapp_refuses_name_and_says_why(site: Path, name: str, why: str) -> None:
    with pytest.raises(AiocmsError, match=why):
        start_app(site, name)
    assert [path.name for path in (site / "apps").iterdir()] == ["blog"]


def test_startapp_leaves_existing_app_alone(run_cli: RunCli, site: Path) -> None:
    done = run_cli("startapp", "blog", cwd=site)
    assert done.code == 1
    assert "exists already" in done.err
    assert (site / "apps/blog/templ/index.tpl").read_text() == "<h1>Blog</h1>\n"


def test_startapp_outside_of_a_site_says_where_to_go(run_cli: RunCli, tmp_path: Path) -> None:
    done = run_cli("startapp", "blog", cwd=tmp_path)
    assert done.code == 1
    assert "startproject" in done.err


def test_title_is_made_for_people() -> None:
    assert make_title("my_site") == "My site"
    assert make_title("garden-club") == "Garden club"
    assert make_title("CMS") == "CMS"
