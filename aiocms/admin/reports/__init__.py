"""Aggregations as read-only lists: declared by developers, written by users."""
