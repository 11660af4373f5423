"""The linker of a register, from what is there: imported ESCO, a model, decisions; else less."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qcp_graph.errors import QcpError
from qcp_graph.linking import decisions, esco
from qcp_graph.linking.cache import Cache
from qcp_graph.linking.index import EscoIndex
from qcp_graph.linking.labels import LabelEngine
from qcp_graph.linking.linker import Linker
from qcp_graph.model.issue import Issue
from qcp_graph.model.source import Linking

if TYPE_CHECKING:  # numpy, scipy and onnxruntime only where there is something to rank
    from qcp_graph.linking.engine import RankEngine
    from qcp_graph.linking.semantic.encoder import Encoder

MODELS: Final = "models"


@dataclass(frozen=True)
class Given:
    """What linking has to work with: ``model`` is the folder of an encoder, if one was named."""

    home: Path
    extract: EscoIndex
    workspace: Path | None = None
    model: Path | None = None


@dataclass
class _Opening:
    given: Given
    rules: Linking
    notes: list[Issue] = field(default_factory=list)

    def ranking(self) -> "RankEngine | None":
        if self.rules.tier in {"labels", "none"}:
            return None
        known = esco.versions(self.given.home)
        if not known and not self.rules.esco:
            return None
        from qcp_graph.linking.engine import RankEngine

        try:
            wanted = esco.check(self.rules.esco) if self.rules.esco else ""
            if wanted and wanted not in known:
                esco.open_version(self.given.home, wanted)
            found = RankEngine(self.given.home, wanted, self._encoder())
            found.fingerprint  # noqa: B018 - damaged versions show now, not at the first record
        except QcpError as error:
            self._note(error, "Links come from the project's extract of ESCO alone.")
            return None
        return found

    def _encoder(self) -> "Encoder | None":
        if self.rules.tier != "semantic":
            return None
        from qcp_graph.linking.semantic.encoder import Encoder, find_model

        try:
            return Encoder(find_model(self.given.model), self.given.home / MODELS)
        except QcpError as error:
            self._note(error, "Links come from the core tier.")
            return None

    def _note(self, error: QcpError, instead: str) -> None:
        self.notes.append(
            Issue(error.code, "warning", f"{error.message} {instead}", remedy=error.remedy)
        )

    def versions(self, engine: "RankEngine") -> None:
        """Tell which versions cannot be used, where others can."""
        for error in engine.damaged:
            self._note(error, "Links come from the other versions.")

    def languages(self, engine: "RankEngine", spoken: tuple[str, ...]) -> None:
        """Tell which languages of a register no version knows, or only a part of."""
        wanted = self.rules.languages or spoken
        for language in dict.fromkeys(one.partition("-")[0].casefold() for one in wanted):
            counts = engine.skills_in(language)
            used = next(iter(counts), "")
            if not used:
                self.notes.append(_unknown(language))
            elif counts[used] * 2 < max(counts.values()):
                self.notes.append(_partial(language, used, counts))


def _unknown(language: str) -> Issue:
    return Issue(
        "QCP-LNK-LANGUAGE", "info",
        f"No imported version of ESCO has labels of skills in {language!r}: texts in this language "
        "are not linked.",
        value=language,
        remedy="Import the archive of this language with `qcp esco import`.",
    )  # fmt: skip


def _partial(language: str, used: str, counts: Mapping[str, int]) -> Issue:
    most = max(counts, key=lambda one: counts[one])
    return Issue(
        "QCP-LNK-PARTIAL", "warning",
        f"ESCO {used} names {counts[used]} skills in {language!r}, where {most} names "
        f"{counts[most]}: its files were not complete. It is used all the same.",
        value=used,
        remedy=f"Import its archive again, or set `esco: {most}` for the register.",
    )  # fmt: skip


def open_linker(given: Given, rules: Linking, spoken: tuple[str, ...] = ()) -> Linker:
    """Open the linker of a register whose texts are in the languages ``spoken``.

    What is missing (ESCO, its language, the model) is told in ``notes``; linking goes on with what
    is there.

    :raises DataError: when the decisions of the workspace cannot be read: they are not to be lost.
    """
    opening = _Opening(given, rules)
    known = decisions.read(given.workspace, four_eyes=rules.four_eyes)
    ranking = opening.ranking()
    if ranking is None:
        return Linker(LabelEngine(given.extract), rules, known, None, tuple(opening.notes))
    opening.versions(ranking)
    opening.languages(ranking, spoken)
    cache = Cache(given.home, ranking.fingerprint)
    return Linker(ranking, rules, known, cache, tuple(opening.notes))
