"""The keys of the admin, once: the help dialog is made of this table, and keys.js reads it from there."""

from __future__ import annotations

from dataclasses import dataclass

from aiocms.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys and what they do.

    Parameters:
        keys: as a browser names them, any of them; ``Mod+`` stands for Ctrl, on a Mac for Cmd.
        does: the name under which a script takes the key up; "" when the key belongs to a focused part.
        text: for the help.
    """

    keys: tuple[str, ...]
    does: str
    text: str

    @property
    def is_single(self) -> bool:
        """Whether it is one character without a modifier, which a person may switch off (WCAG 2.1.4)."""
        return bool(self.does) and all(
            len(key.removeprefix("Shift+")) == 1 or key == "Space" for key in self.keys
        )


@dataclass(frozen=True, slots=True)
class ShortcutGroup:
    """Shortcuts under one heading."""

    title: str
    shortcuts: tuple[Shortcut, ...]


SHORTCUTS = (
    ShortcutGroup(
        N_("Everywhere"),
        (
            Shortcut(("Mod+k",), "palette", N_("Go to a screen, a document or an action")),
            Shortcut(("g",), "palette", N_("The same")),
            Shortcut(("?",), "help", N_("This help")),
        ),
    ),
    ShortcutGroup(
        N_("In a list"),
        (
            Shortcut(("/",), "search", N_("Search")),
            Shortcut(("j",), "down", N_("Next row")),
            Shortcut(("k",), "up", N_("Previous row")),
            Shortcut(("x",), "tick", N_("Tick the row")),
            Shortcut(("Shift+X",), "range", N_("Tick all rows from the last ticked one to here")),
            Shortcut(("o", "Space"), "preview", N_("Preview")),
            Shortcut(("e",), "edit", N_("Edit the document")),
            Shortcut(("n",), "new", N_("New document")),
        ),
    ),
    ShortcutGroup(
        N_("On a cell"),
        (
            Shortcut(("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"), "", N_("From cell to cell")),
            Shortcut(("Enter", "F2"), "", N_("Edit the value, if it is yours to change")),
            Shortcut(("Escape",), "", N_("Leave it as it was")),
        ),
    ),
    ShortcutGroup(
        N_("In a form"),
        (
            Shortcut(("Mod+s",), "", N_("Save and stay")),
            Shortcut(("Alt+ArrowUp", "Alt+ArrowDown"), "", N_("Move the item of a list")),
        ),
    ),
)
