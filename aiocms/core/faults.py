"""Start-up mistakes, collected and shown together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aiocms.core.errors import AiocmsError


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake found at start-up.

    Parameters:
        id: stable id, e.g. ``core.E012``; documented in docs/reference/checks.md.
        message: what is wrong, naming culprit and rival.
        where: ``file:line`` or a file.
        hint: the remedy.
        error: what a module of the site raised, for ``aiocms check --traceback``.
    """

    id: str
    message: str
    where: str = ""
    hint: str = ""
    error: BaseException | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        lines = [f"{self.id}: {self.message}"]
        if self.where:
            lines.append(f"    at  {self.where}")
        if self.hint:
            lines.append(f"    fix {self.hint}")
        return "\n".join(lines)


class Faults(AiocmsError):
    """All faults of one start-up."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        head = "The site has 1 fault:" if count == 1 else f"The site has {count} faults:"
        super().__init__("\n".join([head, *(str(fault) for fault in self.faults)]))


class FaultList:
    """Collects faults while a start-up phase goes on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self, id: str, message: str, where: str = "", hint: str = "", error: BaseException | None = None
    ) -> None:
        """Note one fault and go on."""
        self._faults.append(Fault(id, message, where, hint, error))

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note several faults."""
        self._faults.extend(faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def raise_any(self) -> None:
        """Stop here when something was found.

        Raises:
            Faults: at least one fault was noted.
        """
        if self._faults:
            raise Faults(self._faults)
