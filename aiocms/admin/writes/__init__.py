"""Writes: patches, merges, history, undo, refusals, and what screens say about them."""
