"""Which passwords are accepted: long enough, not among those guessed first, not the user's own name.

No rule of composition and no expiry (NIST SP 800-63B, ASVS 6.2): they make people choose worse ones.
"""

import re
import unicodedata
from collections.abc import Iterable

from aiocms.auth.passwords import LONGEST
from aiocms.core.i18n import N_

SHORTEST = 8


def find_weakness(password: str, username: str = "", site_words: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, as a message to translate, or None."""
    if len(password) < SHORTEST:
        return N_("Use at least 8 characters; 15 or more are better.")
    if len(password) > LONGEST:
        return N_("Use at most 1,024 characters.")
    if "\0" in password or any("\ud800" <= letter <= "\udfff" for letter in password):
        return N_("This password holds a character that cannot be typed.")
    folded = _fold(password)
    name = _fold(username).partition("@")[0]
    if len(name) >= 3 and name in folded:
        return N_("The password must not contain the user name.")
    if _is_common(folded, {_fold(word) for word in site_words}):
        return N_(
            "This password is among the first that are guessed. Three or four unrelated words are good."
        )
    return None


def _is_common(folded: str, site_words: set[str]) -> bool:
    if len(set(folded)) < 4 or _is_run(folded):
        return True
    plain_forms = {folded, folded.translate(_LEET)}
    return any(_is_decorated(plain, word) for word in COMMON | site_words for plain in plain_forms)


def _is_decorated(text: str, word: str) -> bool:
    """Whether the text is the word, once or twice, with a few digits and signs around: "Welcome2026!"."""
    before, found, after = text.partition(word)
    if not word or not found:
        return False
    rest = before + after.removeprefix(word)
    return len(rest) <= 8 and not _LETTER.search(rest.translate(_UNLEET))


def _is_run(text: str) -> bool:
    """abcdefgh, 87654321, qwertyuiop: neighbours in an alphabet or on a keyboard."""
    return any(text in row or text in row[::-1] for row in _ROWS)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


_LEET = str.maketrans("@4831!05$7", "aabeiiosst")
_UNLEET = str.maketrans("abeiost", "4831057")
_LETTER = re.compile(r"[^\W\d_]")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
)
COMMON = frozenset(
    """
    password passwort passw0rd passwd pass admin administrator root user guest test testing demo default
    changeme change letmein welcome login hello secret master access qwerty qwertz azerty qwerty123
    qazwsx iloveyou loveyou love lovely princess prince sunshine monkey dragon football baseball
    basketball soccer hockey superman batman spiderman pokemon starwars trustno1 whatever freedom shadow
    michael jennifer jordan jessica ashley charlie daniel thomas robert andrew joshua george maggie
    michelle nicole amanda hunter killer ranger buster harley tigger ginger pepper cheese cookie banana
    chocolate summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december computer
    internet samsung google facebook apple microsoft windows linux server database oracle mysql mongodb
    mongo python javascript aiocms cms shop store manager office company business money dollar mustang
    corvette ferrari porsche mercedes yamaha liverpool chelsea arsenal barcelona juventus realmadrid
    matrix phoenix thunder silver golden diamond purple orange yellow flower angel baby babygirl
    blink182 slipknot metallica nirvana asdf asdfgh asdfasdf zxcvbn zxcvbnm qweasdzxc qweasd 1q2w3e4r
    1q2w3e4r5t 1q2w3e q1w2e3r4 abc123 abcd1234 a1b2c3d4 aa123456 temp temporary security private public
    system support service supervisor operator webmaster postmaster hostmaster p@ssword пароль привет
    любовь солнце наташа марина светлана сергей андрей александр дмитрий максим никита москва россия
    спартак админ администратор йцукен йцукенг пользователь секрет
    """.split()
)
