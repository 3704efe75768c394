"""collect: the merged static tree for nginx."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import brotli
import pytest

from aiocms.cli.collect import RECORD, collect
from aiocms.core.errors import AiocmsError
from aiocms.core.site import plan_site
from aiocms.core.static import StaticFiles
from tests.cli.conftest import RunCli, write


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()} - {RECORD}


@pytest.fixture(scope="module")
def core_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files of aiocms itself, collected once: compressing them is most of the work."""
    folder = tmp_path_factory.mktemp("collect")
    collect(plan_site(write(folder / "site", {"settings.py": ""})), folder / "out")
    return folder / "out"


@pytest.fixture
def target(core_files: Path, tmp_path: Path) -> Path:
    """A folder that an earlier collection filled."""
    return Path(shutil.copytree(core_files, tmp_path / "out"))


@pytest.mark.parametrize("link", [False, True])
def test_collected_files_are_those_that_the_site_serves(site: Path, tmp_path: Path, link: bool) -> None:
    plan, target = plan_site(site), tmp_path / "out"
    collect(plan, target, link=link)
    served = dict(StaticFiles(plan).iter_all())
    served = {path: file for path, file in served.items() if not path.endswith(".gz")}
    assert {name for name in list_files(target) if not name.endswith((".gz", ".br"))} == set(served)
    assert {"logo.svg", "blog/blog.css", "core/bootstrap/css/bootstrap.min.css"} <= set(served)
    for path, file in served.items():
        assert (target / path).read_bytes() == file.read_bytes()
        assert (target / path).is_symlink() == link


def test_higher_layer_wins(site: Path, target: Path) -> None:
    write(site, {"static/blog/blog.css": "h1 { color: plum; }\n"})
    collect(plan_site(site), target)
    assert (target / "blog/blog.css").read_text() == "h1 { color: plum; }\n"


def test_compressed_copies_hold_the_same(site: Path, target: Path) -> None:
    done = collect(plan_site(site), target)
    assert done.compressions == (".gz", ".br")
    content = (target / "blog/blog.css").read_bytes()
    assert gzip.decompress((target / "blog/blog.css.gz").read_bytes()) == content
    assert brotli.decompress((target / "blog/blog.css.br").read_bytes()) == content
    assert not (target / "logo.svg.gz").exists(), "too small to be worth it"


def test_compressed_copy_of_an_overridden_file_is_never_the_lower_layers(site: Path, target: Path) -> None:
    write(site, {"apps/blog/static/blog.css.gz": "shipped with the app"})
    write(site, {"static/blog/blog.css": "h1 { color: plum; }\n" * 100})
    collect(plan_site(site), target)
    assert b"plum" in gzip.decompress((target / "blog/blog.css.gz").read_bytes())


def test_second_run_writes_only_what_changed(site: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    first = collect(plan_site(site), target)
    assert first.written == first.files
    assert collect(plan_site(site), target).written == 0
    write(site, {"static/logo.svg": "<svg><g/></svg>"})
    again = collect(plan_site(site), target)
    assert (again.written, again.removed) == (1, 0)
    assert (target / "logo.svg").read_text() == "<svg><g/></svg>"


def test_compressed_copy_follows_its_file(site: Path, target: Path) -> None:
    collect(plan_site(site), target)
    write(site, {"apps/blog/static/blog.css": "p { color: navy; }\n" * 100})
    collect(plan_site(site), target)
    assert b"navy" in gzip.decompress((target / "blog/blog.css.gz").read_bytes())
    write(site, {"apps/blog/static/blog.css": "tiny"})
    collect(plan_site(site), target)
    assert not (target / "blog/blog.css.gz").exists()


def test_file_damaged_or_lost_in_between_is_written_again(site: Path, target: Path) -> None:
    collect(plan_site(site), target)
    (target / "logo.svg").unlink()
    (target / "blog/blog.css.gz").unlink()
    assert collect(plan_site(site), target).written == 2
    assert {"logo.svg", "blog/blog.css.gz"} <= list_files(target)


def test_what_the_site_has_no_more_goes_and_the_rest_stays(site: Path, target: Path) -> None:
    collect(plan_site(site), target)
    write(target, {"uploads/own.txt": "not ours"})
    (site / "apps/blog/static/blog.css").unlink()
    done = collect(plan_site(site), target)
    assert done.removed == 3
    assert not (target / "blog").exists()
    assert (target / "uploads/own.txt").read_text() == "not ours"


def test_collection_that_was_cut_can_be_made_again(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    target = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr("aiocms.cli.collect._write", cut)
        with pytest.raises(KeyboardInterrupt):
            collect(plan_site(site), target)
    done = collect(plan_site(site), target)
    assert done.written == done.files
    assert (target / "logo.svg").read_text() == "<svg/>"


def test_change_between_links_and_copies(site: Path, target: Path) -> None:
    collect(plan_site(site), target, link=True)
    collect(plan_site(site), target)
    assert not (target / "logo.svg").is_symlink()
    (target / "logo.svg").write_text("changed")
    assert (site / "static/logo.svg").read_text() == "<svg/>"


def test_file_that_became_a_folder(site: Path, target: Path) -> None:
    write(site, {"static/docs": "a file"})
    collect(plan_site(site), target)
    (site / "static/docs").unlink()
    write(site, {"static/docs/a.txt": "now a folder"})
    collect(plan_site(site), target)
    assert (target / "docs/a.txt").read_text() == "now a folder"


def test_link_that_leads_out_of_the_layer_is_not_collected(site: Path, target: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (site / "static/leak.txt").symlink_to(tmp_path / "secret.txt")
    collect(plan_site(site), target)
    assert "leak.txt" not in list_files(target)


def test_changed_record_removes_nothing_outside(site: Path, target: Path, tmp_path: Path) -> None:
    collect(plan_site(site), target)
    (tmp_path / "precious.txt").write_text("mine")
    (target / RECORD).write_text('{"../precious.txt": "x", "%s": "x"}' % (tmp_path / "precious.txt"))
    collect(plan_site(site), target)
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_foreign_folder_is_refused_and_untouched(run_cli: RunCli, site: Path, tmp_path: Path) -> None:
    write(tmp_path / "out", {"precious.txt": "mine"})
    done = run_cli("collect", str(tmp_path / "out"), cwd=site)
    assert done.code == 1
    assert "did not write" in done.err
    assert list_files(tmp_path / "out") == {"precious.txt"}


@pytest.mark.parametrize("place", ["static", "static/deep", "apps/blog/static", ".", ".."])
def test_folder_of_the_site_itself_is_refused(site: Path, place: str) -> None:
    with pytest.raises(AiocmsError, match="choose"):
        collect(plan_site(site), site / place)


def test_target_that_is_a_file_is_refused(site: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AiocmsError):
        collect(plan_site(site), tmp_path / "file")
    with pytest.raises(AiocmsError, match="Choose another folder"):
        collect(plan_site(site), tmp_path / "file" / "below")


def test_command_tells_what_it_did(run_cli: RunCli, site: Path, target: Path) -> None:
    done = run_cli("collect", str(target), cwd=site)
    assert done.code == 0, done.err
    assert "0 removed" in done.out
    assert (target / "logo.svg").stat().st_mode & 0o777 == 0o644
