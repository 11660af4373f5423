"""The classifiers there are: one that the operator trained, and the built-in one."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from qcp_graph import __version__, assets
from qcp_graph.linking.fields import crosswalks
from qcp_graph.linking.fields.assign import Assigner, Assignment, Subject
from qcp_graph.linking.fields.builtin import measured
from qcp_graph.linking.fields.examples import terms
from qcp_graph.linking.fields.keeping import FOLDER, builtin_kept
from qcp_graph.linking.fields.model import FORMAT, LEVELS, NAMES, FieldModel

TARGET: Final = 0.92  # precision on unseen titles from which an answer is accepted
_FILES: Final = Path("data") / "fields"
_NEVER: Final = 1.01
_REMEMBERED: Final = 20_000
_Asked = tuple[str, str, tuple[Subject, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Fields:
    """Assigns fields with whatever classifier knows a language; opened when first needed.

    ``home`` may hold a trained classifier (``qcp fields train``), ``workspace`` terms and
    crosswalks of the operator.
    """

    home: Path
    workspace: Path | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Changes when an assignment may change: program, terms, crosswalks, trained classifier."""
        digest = hashlib.sha256(f"{__version__} {FORMAT}".encode())
        for root in assets.roots(self.workspace):
            for path in sorted((root / _FILES).rglob("*.csv")):
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
        if self._path.is_file():
            digest.update(self._path.read_bytes())
        return digest.hexdigest()

    @cached_property
    def schemes(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """For each register the classifications it uses: scheme, property that states it."""
        found: dict[str, list[tuple[str, str]]] = {}
        for root in assets.roots(self.workspace):
            path = root / _FILES / "registers.csv"
            if path.is_file():
                with path.open(encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file):
                        pair = (row["scheme"], row["property"])
                        found.setdefault(row["register"], []).append(pair)
        return {register: tuple(dict.fromkeys(pairs)) for register, pairs in found.items()}

    def assign(
        self, title: str, language: str, subjects: list[Subject], outcomes: list[str]
    ) -> list[Assignment]:
        """Assign fields (:meth:`Assigner.assign`) with the classifier for the language.

        Registers repeat themselves: what was asked before is answered from memory.
        """
        asked = (title, language, tuple(subjects), tuple(outcomes))
        known = self._answers.get(asked)
        if known is None:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            known = self._assigner(language).assign(title, language, subjects, outcomes)
            self._answers[asked] = known
        return known

    @cached_property
    def _answers(self) -> dict[_Asked, list[Assignment]]:
        return {}

    @property
    def _path(self) -> Path:
        return self.home / FOLDER / "model.json"

    @cached_property
    def _crosswalks(self) -> dict[str, crosswalks.Crosswalk]:
        return crosswalks.load(self.workspace)

    @cached_property
    def _trained(self) -> Assigner | None:
        if not self._path.is_file():
            return None
        model = FieldModel.load(self._path.parent)
        languages = model.about.get("languages")
        known = [str(one) for one in languages] if isinstance(languages, list) else []
        limits = thresholds(model)
        told = dict.fromkeys(known, _told(model, limits))
        name = model.fingerprint[:12]
        coded = thresholds(model, "coded curve") if model.coded else {}
        return Assigner(
            model, self._crosswalks, limits, limits, told, frozenset(known), name, coded
        )

    @cached_property
    def _builtin(self) -> Assigner:
        rows = measured()
        limits = dict.fromkeys(LEVELS, _NEVER)
        limits |= {int(row["digits"]): float(row["threshold"]) for row in rows}
        within = dict.fromkeys(LEVELS, _NEVER)
        within |= {int(row["digits"]): float(row["within"]) for row in rows}
        trusted = {
            language: row["told"] for row in rows for language in row["languages"].split("|")
        }
        model = builtin_kept(self.home, self.workspace, self.fingerprint)
        spoken = frozenset(one.language for one in terms(self.workspace).examples)
        return Assigner(model, self._crosswalks, limits, within, trusted, spoken)

    def _assigner(self, language: str) -> Assigner:
        trained = self._trained
        if trained is not None and language.partition("-")[0] in trained.trusted:
            return trained
        return self._builtin


def thresholds(model: FieldModel, name: str = "curve") -> dict[int, float]:
    """Return for each level the least probability whose answers reach :data:`TARGET`.

    ``name`` is that of the curve: ``coded curve`` is that of answers from titles with codes.
    """
    curve = model.about.get(name)
    found = dict.fromkeys(LEVELS, _NEVER)
    if isinstance(curve, Mapping):
        for level in LEVELS:
            for threshold, share, precision in curve[NAMES[level]]:
                if precision >= TARGET and share > 0:
                    found[level] = float(threshold)
                    break
    return found


def _told(model: FieldModel, limits: Mapping[int, float]) -> str:
    """Say how often answers above the thresholds were right on titles left out of the training."""
    curve = model.about.get("curve")
    said = []
    if isinstance(curve, Mapping):
        for level in LEVELS:
            for threshold, share, precision in curve[NAMES[level]]:
                if threshold == limits[level]:
                    said.append(f"{NAMES[level]} {precision:.0%} of {share:.0%}")
    return "right on unseen titles: " + ", ".join(said)
