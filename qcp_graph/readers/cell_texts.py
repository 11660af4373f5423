"""Values of a workbook as the text that CSV would hold."""

from datetime import date, datetime, time, timedelta


def text(value: object) -> str:
    """Return a cell's value as the text that CSV would hold.

    >>> text(datetime(2024, 3, 1)), text(True), text(None), text(3.0), text(0.1)
    ('2024-03-01', 'true', '', '3', '0.1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{int(value.total_seconds())}S"
    return str(value)
