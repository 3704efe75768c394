"""The fixtures of all tests: those that sites get too."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("aiocms.testing",)

# A busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_LONG = (
    "tests/browser/",
    "tests/faults/test_xss.py",
    "tests/test_packaging.py",
    "tests/test_tutorial.py",
    "tests/test_howto.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: a worker takes a whole file, and the one that began last would be waited for."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))
