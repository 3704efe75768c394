"""templates: copy, list, diff, check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aiocms.core.errors import AiocmsError, UnknownTemplate
from aiocms.core.overrides import copy_template, diff_template, hash_text, iter_overrides
from aiocms.core.site import plan_site
from tests.cli.conftest import RunCli, write


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package with templates, as an upgrade of it would change them."""
    folder = write(
        tmp_path / "lib" / "newsdesk",
        {
            "__init__.py": "",
            "templ/story.tpl": "one\ntwo\n",
            "templ/feed.xml": "<?xml version='1.0'?>\n<a/>\n",
        },
    )
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "newsdesk"]:
        del sys.modules[name]


@pytest.fixture
def site(tmp_path: Path, package: Path) -> Path:
    """A site with that package."""
    return write(tmp_path / "mysite", {"settings.py": 'apps = ["newsdesk"]\n'})


def states(site: Path) -> dict[str, str]:
    return {one.name: one.state for one in iter_overrides(plan_site(site))}


def test_copy_has_one_line_more_than_its_original(site: Path, package: Path) -> None:
    target = copy_template(plan_site(site), "newsdesk:story")
    assert target == site / "templ/newsdesk/story.tpl"
    record, _, body = target.read_text().partition("\n")
    assert body == "one\ntwo\n"
    assert hash_text("one\ntwo\n") in record


def test_copy_renders_as_its_original(site: Path) -> None:
    from aiocms.core.application import create_app
    from aiocms.core.keys import ENV

    before = create_app(site)[ENV].get_template("newsdesk:feed.xml").render()
    copy_template(plan_site(site), "newsdesk:feed.xml")
    template = create_app(site)[ENV].get_template("newsdesk:feed.xml")
    assert template.filename == str(site / "templ/newsdesk/feed.xml")
    assert template.render() == before


def test_copy_is_fresh_and_has_no_difference(site: Path) -> None:
    copy_template(plan_site(site), "newsdesk:story")
    assert states(site) == {"newsdesk:story": "fresh"}
    assert diff_template(plan_site(site), "newsdesk:story") == ""


def test_own_changes_do_not_make_a_copy_stale(site: Path) -> None:
    target = copy_template(plan_site(site), "newsdesk:story")
    target.write_text(target.read_text() + "three of ours\n")
    assert states(site) == {"newsdesk:story": "fresh"}


def test_upgrade_makes_copy_stale_and_diff_shows_the_originals_change_only(site: Path, package: Path) -> None:
    target = copy_template(plan_site(site), "newsdesk:story")
    target.write_text(target.read_text() + "ours\n")
    write(package, {"templ/story.tpl": "one\ntwo, mended\n"})
    assert states(site) == {"newsdesk:story": "stale"}
    diff = diff_template(plan_site(site), "newsdesk:story")
    assert "-two\n+two, mended\n" in diff
    assert "ours" not in diff


def test_line_ends_do_not_make_a_copy_stale(site: Path, package: Path) -> None:
    copy_template(plan_site(site), "newsdesk:story")
    (package / "templ/story.tpl").write_bytes(b"one\r\ntwo\r\n")
    assert states(site) == {"newsdesk:story": "fresh"}


def test_keep_takes_original_as_seen_and_leaves_own_text(site: Path, package: Path) -> None:
    target = copy_template(plan_site(site), "newsdesk:story")
    target.write_text(target.read_text() + "ours\n")
    write(package, {"templ/story.tpl": "one\ntwo, mended\n"})
    copy_template(plan_site(site), "newsdesk:story", keep=True)
    assert states(site) == {"newsdesk:story": "fresh"}
    assert target.read_text().partition("\n")[2] == "one\ntwo\nours\n"
    assert diff_template(plan_site(site), "newsdesk:story") == ""


def test_original_that_went_away_is_told(run_cli: RunCli, site: Path, package: Path) -> None:
    copy_template(plan_site(site), "newsdesk:story")
    (package / "templ/story.tpl").unlink()
    done = run_cli("templates", "check", cwd=site)
    assert done.code == 1
    assert "newsdesk:story: its original is gone" in done.out
    assert "-two" in diff_template(plan_site(site), "newsdesk:story")


def test_second_copy_writes_nothing_unless_forced(site: Path, package: Path) -> None:
    target = copy_template(plan_site(site), "newsdesk:story")
    target.write_text("all mine")
    with pytest.raises(AiocmsError, match="exists already"):
        copy_template(plan_site(site), "newsdesk:story")
    assert target.read_text() == "all mine"
    copy_template(plan_site(site), "newsdesk:story", force=True)
    assert target.read_text().endswith("one\ntwo\n")


def test_keep_without_a_file_is_refused(site: Path) -> None:
    with pytest.raises(AiocmsError, match="nothing to keep"):
        copy_template(plan_site(site), "newsdesk:story", keep=True)
    assert not (site / "templ").exists()


def test_override_by_hand_is_listed_as_own_and_compared_with_its_original(site: Path) -> None:
    write(site, {"templ/newsdesk/story.tpl": "one\nours\n"})
    assert states(site) == {"newsdesk:story": "own"}
    assert "-ours\n+two\n" in diff_template(plan_site(site), "newsdesk:story")


def test_overlay_app_is_an_override_too(site: Path) -> None:
    write(site, {"apps/newsdesk/templ/story.tpl": "ours\n", "apps/newsdesk/templ/new.tpl": "new\n"})
    assert states(site) == {"newsdesk:story": "own"}


def test_copy_above_an_overlay_follows_the_overlay(site: Path) -> None:
    write(site, {"apps/newsdesk/templ/story.tpl": "overlay\n"})
    target = copy_template(plan_site(site), "newsdesk:story")
    assert target.read_text().endswith("overlay\n")
    write(site, {"apps/newsdesk/templ/story.tpl": "overlay, changed\n"})
    found = {one.file: one.state for one in iter_overrides(plan_site(site))}
    assert found[target] == "stale"


def test_kept_original_is_no_template(site: Path) -> None:
    copy_template(plan_site(site), "newsdesk:story")
    assert (site / "templ/.originals/newsdesk/story.tpl").is_file()
    with pytest.raises(UnknownTemplate):
        copy_template(plan_site(site), ".originals:newsdesk/story")


@pytest.mark.parametrize(
    "name",
    ["newsdesk:stroy", "nowhere:story", "newsdesk:../story", "newsdesk:/etc/passwd", "newsdesk:", ":", "x"],
)
def test_unknown_template_is_refused_and_nothing_written(site: Path, name: str) -> None:
    with pytest.raises(AiocmsError):
        copy_template(plan_site(site), name)
    assert not (site / "templ").exists()


def test_nearest_name_is_told(run_cli: RunCli, site: Path) -> None:
    done = run_cli("templates", "copy", "newsdesk:stroy", cwd=site)
    assert done.code == 1
    assert "newsdesk:story" in done.err


def test_list_marks_overrides(run_cli: RunCli, site: Path) -> None:
    copy_template(plan_site(site), "newsdesk:story")
    listed = run_cli("templates", "list", "newsdesk", cwd=site).out.splitlines()
    assert [line.split()[0] for line in listed] == ["newsdesk:feed.xml", "newsdesk:story"]
    assert "(fresh override)" in listed[1]
    assert len(run_cli("templates", "list", "--overrides", cwd=site).out.splitlines()) == 1
    assert run_cli("templates", "list", "newsdsek", cwd=site).code == 1


def test_check_passes_on_fresh_copies_and_fails_on_stale_ones(
    run_cli: RunCli, site: Path, package: Path
) -> None:
    assert run_cli("templates", "copy", "newsdesk:story", cwd=site).code == 0
    assert run_cli("templates", "check", cwd=site).code == 0
    write(package, {"templ/story.tpl": "new\n"})
    done = run_cli("templates", "check", cwd=site)
    assert done.code == 1
    assert "newsdesk:story: its original has changed" in done.out
    assert "+new" in run_cli("templates", "diff", "newsdesk:story", cwd=site).out


def test_template_that_is_no_utf8_is_named(site: Path, package: Path) -> None:
    (package / "templ/story.tpl").write_bytes(b"\xff\xfe")
    with pytest.raises(AiocmsError, match=r"story\.tpl is no UTF-8"):
        copy_template(plan_site(site), "newsdesk:story")
