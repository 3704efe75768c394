"""The settings table."""

from __future__ import annotations

import pytest

from aiocms.core.site import plan_site

from .conftest import WriteSite
from .test_discover import faults_of


def test_environment_wins_over_the_file_and_arguments_over_both(
    write_site: WriteSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = write_site({"settings.py": "title = 'File'\nport = 1\nhost = 'file'"})
    monkeypatch.setenv("AIOCMS_PORT", "2")
    monkeypatch.setenv("AIOCMS_HOST", "env")
    monkeypatch.setenv("AIOCMS_LANGUAGES", "ru, en")
    settings = plan_site(site, host="argument").settings
    assert (settings.title, settings.port, settings.host) == ("File", 2, "argument")
    assert settings.languages == ("ru", "en")


@pytest.mark.parametrize(
    ("text", "wanted"), [("1", True), ("true", True), ("on", True), ("0", False), ("", False), ("no", False)]
)
def test_a_boolean_of_the_environment(
    write_site: WriteSite, monkeypatch: pytest.MonkeyPatch, text: str, wanted: bool
) -> None:
    monkeypatch.setenv("AIOCMS_DEBUG", text)
    assert plan_site(write_site({})).settings.debug is wanted


def test_an_unknown_setting_gets_the_nearest_name(
    write_site: WriteSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = write_site({"settings.py": "langauges = ['en']"})
    assert "did you mean 'languages'" in faults_of(site)["core.E001"]


def test_an_unknown_variable_of_the_environment_is_told(
    write_site: WriteSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIOCMS_PROT", "8000")
    assert "AIOCMS_PROT" in faults_of(write_site({}))["core.E001"]


def test_variables_for_tests_are_no_settings(write_site: WriteSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOCMS_TEST_DATABASE", "mongodb://127.0.0.1:1/")
    assert plan_site(write_site({})).settings.database is None
    monkeypatch.setenv("AIOCMS_TESTING", "1")
    assert "AIOCMS_TESTING" in faults_of(write_site({}))["core.E001"]


def test_an_app_named_test_still_has_its_settings(
    write_site: WriteSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "from aiocms import Setting\nsettings = (Setting('colour', 'red', 'Colour.'),)"
    monkeypatch.setenv("AIOCMS_TEST_COLOUR", "blue")
    site = write_site({"apps/test/settings.py": text})
    assert plan_site(site).settings.test_colour == "blue"


def test_imports_and_functions_in_the_file_are_no_settings(write_site: WriteSite) -> None:
    site = write_site({"settings.py": "import os\nfrom pathlib import Path\ndef f(): ...\ntitle = 'T'"})
    assert plan_site(site).settings.title == "T"


def test_an_app_adds_settings_under_its_namespace(
    write_site: WriteSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = write_site(
        {
            "settings.py": "blog_page_size = 5",
            "apps/blog/settings.py": """
                from aiocms import Setting
                settings = (Setting("page_size", 20, "Posts on a page."), Setting("colour", "red", "Colour."))
            """,
        }
    )
    monkeypatch.setenv("AIOCMS_BLOG_COLOUR", "blue")
    settings = plan_site(site).settings
    assert (settings.blog_page_size, settings.blog_colour) == (5, "blue")


def test_secrets_are_never_printed_and_settings_never_change(write_site: WriteSite) -> None:
    settings = plan_site(write_site({}), secret_key="k" * 40, database="mongodb://u:pw@127.0.0.1/").settings
    assert "kkkk" not in repr(settings) and "pw@" not in repr(settings)
    with pytest.raises(AttributeError, match="frozen"):
        settings.title = "other"
    with pytest.raises(AttributeError, match="did you mean 'title'"):
        _ = settings.titel
