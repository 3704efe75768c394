"""The fixtures of all tests: those that sites get too."""

pytest_plugins = ("aiocms.testing",)
