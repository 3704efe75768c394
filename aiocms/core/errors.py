"""The exceptions of aiocms.

AiocmsError
├── Faults                    every fault of a start-up, together (core/faults.py)
├── UnknownName               a name that resolves to nothing
│   ├── UnknownTemplate
│   ├── UnknownStatic
│   ├── UnknownRoute
│   └── UnknownNamespace
└── RequestError              a view used something that the request does not have
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AiocmsError(Exception):
    """Base of all errors that aiocms raises; its text names culprit and remedy."""


class UnknownName(AiocmsError):
    """A name that resolves to nothing, with every place that was looked at."""

    kind = "name"

    def __init__(self, name: str, looked_at: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self.name = name
        self.looked_at = tuple(looked_at)
        self.nearest = find_nearest(name, known)
        super().__init__(self._text())

    def _text(self) -> str:
        lines = [f"There is no {self.kind} {self.name!r}."]
        if self.looked_at:
            lines.append("Looked at:")
            lines.extend(f"  {place}" for place in self.looked_at)
        if self.nearest:
            lines.append(f"The nearest name is {self.nearest!r}.")
        return "\n".join(lines)


class UnknownTemplate(UnknownName):
    """A template that no layer holds."""

    kind = "template"


class UnknownStatic(UnknownName):
    """A static file that no layer holds."""

    kind = "static file"


class UnknownRoute(UnknownName):
    """A route name that no app declares."""

    kind = "route"


class UnknownNamespace(UnknownName):
    """A namespace that no app has."""

    kind = "namespace"


class RequestError(AiocmsError):
    """A view asked the request for something that this site does not provide."""


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like ``name``.

    Returns:
        The nearest name, or None when nothing is near.
    """
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None
