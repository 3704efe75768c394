"""Signed texts that travel through the browser."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiocms.core.signing import SIZE, BadSignature, is_signed, seal, sign, unseal

KEY = b"k" * 32
OTHER = b"o" * 32


@given(st.binary(), st.text())
def test_what_was_sealed_is_read_back_for_its_context_alone(data: bytes, context: str) -> None:
    text = seal(KEY, data, context)
    assert unseal(KEY, text, context) == data
    for key, other in ((OTHER, context), (KEY, context + "x")):
        with pytest.raises(BadSignature):
            unseal(key, text, other)


@given(st.binary(min_size=1), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_text_is_refused(data: bytes, place: int, change: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(seal(KEY, data)))
    raw[place % len(raw)] ^= change
    with pytest.raises(BadSignature):
        unseal(KEY, base64.urlsafe_b64encode(raw).decode())


def test_bytes_do_not_move_between_context_and_data() -> None:
    text = seal(KEY, b"bc", "a")
    with pytest.raises(BadSignature):
        unseal(KEY, text, "ab")


@pytest.mark.parametrize("text", ["", "A", "AAAA", "***", "é", seal(KEY, b"")[:-8]])
def test_what_is_no_sealed_text_is_refused(text: str) -> None:
    with pytest.raises(BadSignature):
        unseal(KEY, text)


@pytest.mark.parametrize("length", [0, 1, SIZE - 1])
def test_a_shortened_signature_does_not_fit(length: int) -> None:
    assert is_signed(KEY, b"data", sign(KEY, b"data"))
    assert not is_signed(KEY, b"data", sign(KEY, b"data")[:length])
