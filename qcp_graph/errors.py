"""Every error that reaches a person: a code, what happened, where, and what to do next.

Bad data is an :class:`~qcp_graph.model.issue.Issue`, which is collected. A broken promise (an
unreadable file, an impossible setting, a crashed query) is one of the exceptions below, which is
raised; only ``cli/`` and ``server/`` turn it into text, an exit code or a problem document.
"""


class QcpError(Exception):
    """An error with a remedy.

    ``code`` is stable and documented in ``docs/errors/`` (``QCP-SRC-…`` source and fetch,
    ``QCP-MAP-…`` mapping, ``QCP-VAL-…`` validation, ``QCP-LNK-…`` linking, ``QCP-REL-…`` release,
    ``QCP-QRY-…`` query, ``QCP-VOC-…`` vocabularies, ``QCP-SET-…`` settings, ``QCP-WEB-…`` server).

    >>> print(DataError("QCP-SRC-EMPTY", "No records.", where="a.csv", remedy="Check the export."))
    No records. [a.csv] Check the export. (QCP-SRC-EMPTY)
    """

    exit_code = 3

    def __init__(self, code: str, message: str, *, where: str = "", remedy: str = "") -> None:
        self.code = code
        self.message = message
        self.where = where
        self.remedy = remedy
        super().__init__(code, message, where, remedy)

    def __str__(self) -> str:
        parts = [self.message, f"[{self.where}]" if self.where else "", self.remedy]
        return " ".join(part for part in parts if part) + f" ({self.code})"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.code, self.message, self.where, self.remedy)


def _rebuild(
    kind: type[QcpError], code: str, message: str, where: str, remedy: str
) -> QcpError:  # keyword arguments survive pickling between processes
    return kind(code, message, where=where, remedy=remedy)


class DataError(QcpError):
    """The data, a file from outside or a remote answer is at fault: exit code 1."""

    exit_code = 1


class UsageError(QcpError):
    """The command, a setting or a mapping is at fault: exit code 2."""

    exit_code = 2


class InternalError(QcpError):
    """The program or the machine is at fault (full disk, no permission): exit code 3."""

    exit_code = 3
