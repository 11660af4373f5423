"""What a national code says of the field, learned from titles that have both.

A crosswalk says which fields a code may stand for; how often it stands for each, only classified
titles tell. Codes are read by their beginnings, too: what is seldom seen leans on what its group
says, and on the crosswalk. Title and code are then heard as two witnesses that know nothing of each
other, but both know which fields are frequent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np

from qcp_graph.linking.fields.crosswalks import Crosswalk
from qcp_graph.linking.fields.examples import Example
from qcp_graph.linking.fields.linear import Floats

LEAST: Final = 200  # titles with a code from which on something is learned
_LEANING: Final = 5.0  # titles that the group of a code counts for
_WALK: Final = 0.5  # the crosswalk's share in what is expected of a code
_PRIOR: Final = 0.5  # of the frequency of fields that is taken off again: both witnesses hold it
_FLOOR: Final = 1e-9
Codes: TypeAlias = Sequence[tuple[str, str]]  # scheme and code


@dataclass(frozen=True)
class CodeTable:
    """Shares of fields by code: a row per code and beginning of one, the last stands for all."""

    codes: Mapping[str, int]
    shares: Floats

    def share(self, code: str) -> Floats | None:
        """Return the shares of fields of the longest known beginning of a code, if any."""
        for end in range(len(code), 0, -1):
            if code[:end] in self.codes:
                return np.asarray(self.shares[self.codes[code[:end]]])
        return None


@dataclass(frozen=True)
class Coded:
    """Tables by the name of their scheme, with the calibration of what title and code say."""

    tables: Mapping[str, CodeTable]
    calibration: Mapping[int, Sequence[float]] = field(default_factory=dict)
    sharpness: float = 1.0

    def told(self) -> dict[str, Any]:
        """Return what describes the tables, for JSON; :meth:`arrays` holds their numbers."""
        return {
            "codes": {scheme: list(one.codes) for scheme, one in self.tables.items()},
            "calibration": {str(level): list(one) for level, one in self.calibration.items()},
            "sharpness": self.sharpness,
        }

    def arrays(self) -> dict[str, Floats]:
        """Return the numbers of the tables by name."""
        return {f"codes {scheme}": one.shares for scheme, one in self.tables.items()}

    @classmethod
    def of(cls, told: Mapping[str, Any], arrays: Mapping[str, Floats]) -> "Coded":
        """Return what :meth:`told` and :meth:`arrays` describe."""
        tables = {
            scheme: CodeTable({code: n for n, code in enumerate(codes)}, arrays[f"codes {scheme}"])
            for scheme, codes in told["codes"].items()
        }
        calibration = {int(level): tuple(one) for level, one in told["calibration"].items()}
        return cls(tables, calibration, told["sharpness"])


def fit(
    titles: Sequence[Example], names: Sequence[str], walks: Mapping[str, Crosswalk]
) -> dict[str, CodeTable]:
    """Return what codes say about the detailed fields ``names``, a table per scheme."""
    schemes = sorted({scheme for one in titles for scheme, _ in one.codes})
    return {scheme: _table(titles, names, scheme, walks.get(scheme)) for scheme in schemes}


def _table(
    titles: Sequence[Example], names: Sequence[str], scheme: str, walk: Crosswalk | None
) -> CodeTable:
    seen = _counts(titles, names, scheme)
    every = seen[""] + 0.5
    shares = {"": every / every.sum()}
    stated = [code for code in (walk.table if walk else ()) if code[:1].isdigit()]
    for code in sorted({*seen, *stated} - {""}, key=lambda one: (len(one), one)):
        group = next(shares[code[:end]] for end in range(len(code) - 1, -1, -1)
                     if code[:end] in shares)  # fmt: skip
        expected = _walked(group, names, walk.fields(code) if walk else ())
        count = seen.get(code, np.zeros(len(names), np.float32))
        shares[code] = (count + _LEANING * expected) / (count.sum() + _LEANING)
    rows = np.stack([*(row for code, row in shares.items() if code), shares[""]])
    places = {code: place for place, code in enumerate(code for code in shares if code)}
    return CodeTable(places, rows.astype(np.float32))


def _counts(titles: Sequence[Example], names: Sequence[str], scheme: str) -> dict[str, Floats]:
    """Return how many titles with each beginning of a code have each field as their first."""
    place = {name: number for number, name in enumerate(names)}
    found: dict[str, Floats] = {"": np.zeros(len(names), np.float32)}
    for one in titles:
        number = place.get(one.fields[0].ljust(4, "0"))
        codes = [code for name, code in one.codes if name == scheme]
        for code in codes if number is not None else ():
            for end in range(len(code) + 1):
                row = found.setdefault(code[:end], np.zeros(len(names), np.float32))
                row[number] += 1 / len(codes)
    return found


def _walked(group: Floats, names: Sequence[str], fields: Sequence[str]) -> Floats:
    """Return what the group of a code says, half of it within the fields a crosswalk allows."""
    within = tuple(one if one[2:].strip("0") else one[:2] for one in fields)
    allowed = np.array([name.startswith(within) for name in names]) if within else None
    if allowed is None or not (kept := group * allowed).any():
        return group
    return np.asarray((1 - _WALK) * group + _WALK * kept / kept.sum())


def spread(scores: Floats, sharpness: float) -> Floats:
    """Return the logarithms of the shares that scores stand for (rows: titles)."""
    raised = sharpness * (scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised - np.log(np.exp(raised).sum(axis=1, keepdims=True)), np.float32)


def joined(tables: Mapping[str, CodeTable], logs: Floats, codes: Codes) -> Floats:
    """Return what a title says (logarithms of shares), with what its codes say.

    Several codes of a title count as their mean. Codes that no table knows say nothing.
    """
    said = [(tables[scheme], row) for scheme, code in codes if scheme in tables
            and (row := tables[scheme].share(code)) is not None]  # fmt: skip
    if not said:
        return logs
    shares = np.mean([row for _, row in said], axis=0)
    frequent = said[0][0].shares[-1]
    more = np.log(shares + _FLOOR) - _PRIOR * np.log(frequent + _FLOOR)
    return np.asarray(np.maximum(logs, np.log(_FLOOR)) + more, np.float32)


def known(tables: Mapping[str, CodeTable], codes: Codes) -> list[tuple[str, str]]:
    """Return those of some codes that a table knows."""
    return [
        (scheme, code)
        for scheme, code in codes
        if scheme in tables and tables[scheme].share(code) is not None
    ]
