"""References between documents: declared or guessed, chosen in forms, and who uses what."""
