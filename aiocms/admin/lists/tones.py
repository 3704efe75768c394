"""The look of a tag by its text: states that everybody knows have their colour, others a quiet hue.

The hue follows from the text alone, so a tag looks the same on every page and after every restart.
"""

from __future__ import annotations

from binascii import crc32

HUES = 6

_STATES = {
    "is-good": (
        "active approved available completed confirmed delivered done enabled fulfilled healthy live ok "
        "online open paid passed published ready released resolved running shipped sold success "
        "succeeded valid verified активен активно включено выполнен выполнено доставлен готов готово "
        "завершён завершено одобрен одобрено оплачен оплачено опубликован опубликовано отправлен успешно"
    ),
    "is-warn": (
        "attention awaiting expiring hold overdue partial paused pending processing queued review scheduled "
        "unpaid unverified waiting warning в-обработке ожидает ожидание ожидается отложено предупреждение "
        "приостановлен проверка"
    ),
    "is-bad": (
        "banned blocked broken cancelled canceled critical declined defective denied error expired failed "
        "failure fraud invalid lost missing rejected refused spam unavailable заблокирован критично "
        "не-оплачено неудача отклонён отклонено отменён отменено ошибка потерян просрочен"
    ),
    "is-off": (
        "archived closed disabled discontinued draft hidden inactive new none off offline private unknown "
        "unpublished withdrawn архив архивный выключено закрыт закрыто неактивен новый скрыт скрыто черновик"
    ),
}
_LOOKS = {word: look for look, words in _STATES.items() for word in words.split()}


def find_look(text: str) -> str:
    """The class of a pill with this text: a state such as ``is-good``, or ``is-tag-1`` to ``is-tag-6``.

    Parameters:
        text: as it is shown; case, and what stands between its words, do not matter.
    """
    word = "-".join(text.replace("_", " ").casefold().split())
    return _LOOKS.get(word) or f"is-tag-{crc32(word.encode('utf-8', 'replace')) % HUES + 1}"
