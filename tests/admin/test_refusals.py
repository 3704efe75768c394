"""Errors of the database in words for whoever stands at the form."""

from __future__ import annotations

import pytest
from pymongo.errors import DocumentTooLarge, OperationFailure, PyMongoError, WriteError

from aiocms.admin.writes.refusals import explain_failure


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DocumentTooLarge("BSON document too large"), "larger than 16 MB"),
        (WriteError("BSONObj size: 17000000 is invalid", 10334), "larger than 16 MB"),
        (WriteError("transaction is too large and will not fit in the storage engine cache", 388), "again"),
        (OperationFailure("not authorized on shop", 13), "does not allow this site"),
        (WriteError("Cannot apply $inc", 14, {"errmsg": "Cannot apply $inc"}), "The database refused"),
    ],
)
def test_a_refusal_names_its_reason(error: PyMongoError, words: str) -> None:
    refused = explain_failure(error)
    assert refused is not None
    assert words in str(refused)


@pytest.mark.parametrize("error", [OperationFailure("time is over", 50), ValueError("a mistake of the code")])
def test_what_a_person_at_a_form_cannot_mend_is_left_to_the_error_pages(error: Exception) -> None:
    assert explain_failure(error) is None
