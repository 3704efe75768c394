"""Numbers and charts over what a list shows."""
