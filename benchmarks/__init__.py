"""Measurements, each against the bare version in the same run; see README.md."""
