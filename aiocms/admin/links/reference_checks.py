"""The start-up checks of references and choices."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from aiocms.admin.screens import POLICIES, Reference, Screen, sound_path
from aiocms.core.faults import Fault


def iter_reference_faults(screen: type[Screen], where: str) -> Iterator[Fault]:
    """The mistakes in `references` and `choices` of one screen."""
    subject = f"The screen {screen.__name__}: references"
    declared: object = screen.references
    if not isinstance(declared, Mapping):
        hint = 'write references = {"author": "auth_users"}'
        yield Fault("admin.E021", f"{subject} is no mapping of paths to collections", where, hint)
        return
    for path, one in declared.items():
        reference = Reference(one) if isinstance(one, str) else one
        if not isinstance(path, str) or not sound_path(path):
            yield Fault("admin.E005", f"{subject} holds {path!r}, which is no path of a field", where)
        elif not isinstance(reference, Reference) or not reference.collection:
            hint = "name a collection, or write Reference(collection, on_delete=…)"
            yield Fault(
                "admin.E021", f"{subject}: {path!r} points to {one!r}, which is no collection", where, hint
            )
        elif reference.on_delete not in POLICIES:
            near = difflib.get_close_matches(str(reference.on_delete), POLICIES, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(POLICIES)}"
            message = f"{subject}: {path!r} has an unknown policy {reference.on_delete!r}"
            yield Fault("admin.E020", message, where, hint)
        else:
            yield from _iter_impossible(screen, path, reference.on_delete, where)
    yield from _iter_wrong_choices(screen, where)


def _iter_impossible(screen: type[Screen], path: str, policy: str, where: str) -> Iterator[Fault]:
    subject = f"The screen {screen.__name__}: the policy {policy!r} of {path!r}"
    changes = policy in ("unset", "pull")
    if policy == "cascade" and not screen.can_delete:
        hint = 'let the screen delete, or write "restrict", or "keep" and follow up in saved()'
        yield Fault(
            "admin.E022", f"{subject} would delete documents of a screen with can_delete = False", where, hint
        )
    elif changes and not screen.can_edit:
        hint = 'let the screen edit, or write "restrict", or "keep" and follow up in saved()'
        yield Fault(
            "admin.E022", f"{subject} would change documents of a screen with can_edit = False", where, hint
        )
    elif changes and path == "_id":
        yield Fault("admin.E022", f"{subject} would change the _id of documents", where, 'write "cascade"')
    elif policy == "pull" and _is_plain(screen, path):
        hint = 'write "unset", or declare the type of the list around it'
        yield Fault("admin.E022", f"{subject} has no list to take an item out of", where, hint)


def _is_plain(screen: type[Screen], path: str) -> bool:
    """Whether `types` says that there is no list at the path, nor around it."""
    parts = path.split(".")
    told = [screen.types.get(".".join(parts[:end])) for end in range(1, len(parts) + 1)]
    return None not in told and "array" not in told


def _iter_wrong_choices(screen: type[Screen], where: str) -> Iterator[Fault]:
    choices: Mapping[str, object] = screen.choices
    for path, values in choices.items():
        subject = f"The screen {screen.__name__}: choices of {path!r}"
        if not sound_path(path):
            yield Fault("admin.E005", f"{subject}: this is no path of a field", where)
        elif isinstance(values, str) or not isinstance(values, Sequence) or not all(map(_is_choice, values)):
            hint = f'write choices = {{{path!r}: ("one", ("two", "Two in words"))}}'
            yield Fault("admin.E023", f"{subject} are no texts or pairs of texts", where, hint)


def _is_choice(one: object) -> bool:
    is_pair = isinstance(one, tuple) and len(one) == 2 and all(isinstance(text, str) for text in one)
    return isinstance(one, str) or is_pair
