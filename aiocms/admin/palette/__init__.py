"""Finding things: the palette, what was opened lately, and the keys."""
