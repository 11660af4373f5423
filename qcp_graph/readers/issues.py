"""The issues of single records, the same words in every format.

A ``violation`` stands for a record that could not be delivered (count it as read and rejected); a
``warning`` is a remark, and the record follows.
"""

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator

SHOWN = 500


def too_large(locator: Locator, limit: int) -> Issue:
    """Return the issue of a record beyond the limit ``record_max_bytes``."""
    return Issue(
        "QCP-SRC-RECORD-SIZE",
        "violation",
        f"The record is larger than {limit:,} bytes.",
        locator=str(locator),
        remedy="Look for a quotation mark or a tag that is never closed; raise record_max_bytes "
        "only if the record really is that large.",
    )


def too_deep(locator: Locator, limit: int) -> Issue:
    """Return the issue of a record that nests deeper than any register does."""
    return Issue(
        "QCP-SRC-DEPTH",
        "violation",
        f"The record nests deeper than {limit} levels.",
        locator=str(locator),
        remedy="Ask the publisher to correct the record.",
    )


def unreadable_text(locator: Locator, value: str, *, field: str = "", place: str = "") -> Issue:
    """Return the issue of a record with bytes that are no text in the file's encoding."""
    where = f" ({place})" if place else ""
    return Issue(
        "QCP-SRC-CHARACTERS",
        "violation",
        f"The record holds bytes that are no letters in the file's encoding{where}.",
        locator=str(locator),
        field=field[:SHOWN],
        value=value.encode("utf-8", "replace").decode()[:SHOWN],
        remedy="Ask the publisher to correct it, or name the right encoding in mapping.yaml: "
        "options: {encoding: …}.",
    )


def malformed(locator: Locator, reason: str, value: str = "") -> Issue:
    """Return the issue of a record whose syntax is broken while the file can be read on."""
    return Issue(
        "QCP-SRC-RECORD",
        "violation",
        f"The record is not well formed: {reason}.",
        locator=str(locator),
        value=value[:SHOWN],
        remedy="Ask the publisher to correct the record.",
    )


def no_object(locator: Locator, value: object) -> Issue:
    """Return the issue of a record that is a bare value without fields."""
    return Issue(
        "QCP-SRC-RECORD",
        "violation",
        "A record must have named fields, but this is a single value or a list.",
        locator=str(locator),
        value=str(value)[:SHOWN],
        remedy="Correct the iterator in mapping.yaml, or ask the publisher to correct the record.",
    )


def repeated_key(locator: Locator, key: str) -> Issue:
    """Return the remark that a JSON object names a field twice (RFC 8259 §4: undefined)."""
    return Issue(
        "QCP-SRC-KEY-REPEATED",
        "warning",
        f"The field {key[:100]!r} occurs twice in one object; the last value was used.",
        locator=str(locator),
        field=key[:SHOWN],
        remedy="Ask the publisher which value holds.",
    )


def no_records(file: str) -> Issue:
    """Return the remark that a file is well formed and holds no record."""
    return Issue(
        "QCP-SRC-NO-RECORDS",
        "warning",
        "The file holds no record.",
        locator=file,
        remedy="Check that it is the complete export.",
    )
