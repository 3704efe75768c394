"""The shop: a catalogue of categories and products with variants, its pages and its screens."""
