"""Releases of an invented classification in the form that ESCO's portal sends."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

BASE = "http://data.europa.eu/esco/"
SKILLS = (
    "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,hiddenLabels,status,"
    "modifiedDate,scopeNote,definition,inScheme,description\r\n"
)
HEADS = {
    "occupations": "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description\r\n",
    "skillGroups": "conceptType,conceptUri,preferredLabel,altLabels,description,code\r\n",
    "broaderRelationsSkillPillar": "conceptType,conceptUri,broaderType,broaderUri\r\n",
    "occupationSkillRelations": "occupationUri,relationType,skillType,skillUri\r\n",
    "greenSkillsCollection": "conceptType,conceptUri,preferredLabel\r\n",
}


def skill(local: str, label: str, alternatives: str = "", status: str = "released") -> str:
    """Return a line of skills_xx.csv."""
    return (
        f'KnowledgeSkillCompetence,{BASE}skill/{local},skill/competence,cross-sector,"{label}",'
        f'"{alternatives}",,{status},2024-01-01T00:00:00Z,,,{BASE}concept-scheme/skills,'
        f'"What {label} means"\r\n'
    )


Release = Callable[..., Path]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """Write a zip archive named like the portal's; files are given by name without ending."""

    def write(version: str, language: str, **files: str) -> Path:
        path = tmp_path / f"ESCO dataset - v{version} - classification - {language} - csv.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                ending = f"_{language}" if language else ""
                archive.writestr(f"{name}{ending}.csv", "\ufeff" + text)
        return path

    return write
