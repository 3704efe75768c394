"""Reads the form of an edit page as a browser would, and gives what it would post."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Pairs = list[tuple[str, str]]


class FormPage(HTMLParser):
    """The inputs of the page's edit form in order, and the values of its buttons."""

    def __init__(self, page: str, form: str = "data-edit") -> None:
        super().__init__(convert_charrefs=True)
        self.wanted = form
        self.inside = False
        self.done = False
        self.disabled = 0
        self.pairs: Pairs = []
        self.kinds: dict[str, str] = {}
        self.buttons: list[str] = []
        self._text: list[str] | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self._area = ""
        # The parser of a browser folds all line ends of the source.
        self.feed(page.replace("\r\n", "\n").replace("\r", "\n"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = {key: value or "" for key, value in attrs}
        if tag == "form" and self.wanted in found and not self.done:
            self.inside = True
        if not self.inside:
            return
        if tag == "fieldset" and "disabled" in found:
            self.disabled += 1
        name = found.get("name", "")
        if tag == "button" and name:
            self.buttons.append(f"{name}={found.get('value', '')}")
        if tag == "option" and self._select is not None:
            self._select[2 if "selected" in found else 1].append(found.get("value", ""))
        if not name or "disabled" in found or self.disabled:
            return
        if tag == "input":
            kind = found.get("type", "text")
            self.kinds[name] = kind
            if kind in ("checkbox", "radio"):
                if "checked" in found:
                    self.pairs.append((name, found.get("value", "on")))
            else:
                value = found.get("value", "")
                self.pairs.append((name, value.replace("\n", "") if kind == "text" else value))
        elif tag == "textarea":
            self._area, self._text = name, []
            self.kinds[name] = "textarea"
        elif tag == "select":
            self._select = (name, [], [])
            self.kinds[name] = "select"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            text = "".join(self._text)
            text = text[1:] if text.startswith("\n") else text
            self.pairs.append((self._area, text.replace("\n", "\r\n")))
            self._text = None
        if tag == "select" and self._select is not None:
            name, plain, selected = self._select
            if selected or plain:
                self.pairs.append((name, (selected or plain)[0]))
            self._select = None
        if tag == "form" and self.inside:
            self.inside, self.done = False, True

    def get(self, name: str) -> str:
        """The value that a name would post."""
        return next(value for key, value in reversed(self.pairs) if key == name)

    def names(self) -> list[str]:
        """The names that would be posted, in order, without the page's own and the types."""
        return [
            key for key, _ in self.pairs if not key.startswith("_") and "~" not in key and key != "csrf_token"
        ]

    def filled(self, changes: dict[str, str] | None = None, **more: str) -> Pairs:
        """What is posted after these inputs were changed."""
        changes = changes or {}
        known = {key for key, _ in self.pairs}
        missing = set(changes) - known
        if missing:
            raise AssertionError(f"the form has no inputs {missing}; it has {sorted(known)}")
        # A checkbox posts last; the hidden input before it keeps its value.
        pairs = [(key, changes.get(key, value)) for key, value in self.pairs]
        return [*pairs, *more.items()]
