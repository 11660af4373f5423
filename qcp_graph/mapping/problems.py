"""Faults of a mapping file, told with its line and the nearest known name."""

from collections.abc import Iterable

from qcp_graph.errors import UsageError


def fault(code: str, message: str, where: object, remedy: str = "") -> UsageError:
    """Return the error of a fault at a place (``mapping.yaml line 12``)."""
    return UsageError(
        code, message, where=str(where), remedy=remedy or "Correct it; docs/mapping.md explains it."
    )


def unknown(code: str, what: str, name: str, known: Iterable[str], where: object) -> UsageError:
    """Return the error of an unknown name: ``what`` is its kind, for example ``function``."""
    return fault(code, f"Unknown {what} {name[:80]!r}.", where, hint(name, known))


def hint(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean …?`` and, where they are few, all known names.

    >>> hint("codelist", ["codelists", "sources"])
    "Did you mean 'codelists'? Known are: codelists, sources."
    """
    import difflib  # late: only faults need it

    names = sorted(known)
    near = difflib.get_close_matches(name[:80], names, n=1, cutoff=0.5)
    suggestion = f"Did you mean {near[0]!r}? " if near else ""
    if not names:
        return "None is defined here."
    return suggestion + (f"Known are: {', '.join(names)}." if len(names) <= 40 else "")
