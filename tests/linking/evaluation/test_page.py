"""The page of figures: generated between marks, and complete as it stands."""

import re
from datetime import date
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.linking.evaluation import page

DAY = date(2026, 1, 2)
ROW = {"data": "tech_validation_annotations", "language": "en", "tier": "core", "esco": "1.1.0",
       "texts": 9, "MRR": [0.5, 0.4, 0.6], "calibration error": 0.01, "MB": 200}  # fmt: skip


def test_figures_stand_between_the_marks_and_prose_stays() -> None:
    text = f"# Title\n\n{page.BEGIN}\nold\n{page.END}\n\nprose\n"
    found = page.written(text, [ROW, {"data": "f", "task": "fields", "accuracy": 0.9}], DAY)
    assert found.startswith("# Title\n")
    assert found.endswith("\n\nprose\n")
    assert "old" not in found
    assert "Measured on 2026-01-02." in found
    assert "### tech_validation_annotations, core, ESCO 1.1.0" in found
    assert "| en | 9 | 0.500 (0.400–0.600) | 0.010 | 200 |" in found
    assert "| best trained model | 0.63 | 0.79 |" in found
    assert "| f | fields | 0.900 |" in found
    assert page.written(found, [ROW], DAY) == page.written(text, [ROW], DAY)


def test_fields_of_education_are_shown_with_what_may_be_assigned() -> None:
    curve = {"broad": [[0.0, 1.0, 0.7], [0.5, 0.6, 0.93], [0.9, 0.2, 0.99]], "detailed": []}
    accuracy = {"broad": [0.7, 0.6, 0.8], "detailed": [0.5, 0.4, 0.6]}
    group = {"titles": 9, "accuracy": accuracy, "curve": curve}
    answer = {"all": group, "fr": group}
    found = page.written(f"{page.BEGIN}{page.END}", page.rows_of(answer, "fields"), DAY)
    assert "### fields, ISCED-F" in found
    assert "| fr | 9 | broad | 0.700 (0.600–0.800) | 0.600 |" in found
    assert "| fr | 9 | detailed | 0.500 (0.400–0.600) | 0.000 |" in found
    assert "| all |" not in found
    assert page.rows_of([ROW], "x") == [ROW]
    assert page.rows_of("text", "x") == []


@pytest.mark.parametrize("text", ["", page.BEGIN, f"{page.END} {page.BEGIN}"])
def test_a_page_without_marks_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="QCP-LNK-PAGE"):
        page.written(text, [ROW], DAY)


def test_the_page_of_the_project_has_every_data_set_and_tier(repository: Path) -> None:
    text = (repository / "docs" / "evaluation.md").read_text(encoding="utf-8")
    figures = text.partition(page.BEGIN)[2].partition(page.END)[0]
    assert re.search(r"^Measured on \d{4}-\d\d-\d\d\.$", figures, re.M)
    headings = re.findall(r"^### (\S+), (\w+), ESCO (\d\.\d\.\d)$", figures, re.M)
    sets = {(data, tier) for data, tier, _ in headings}
    for data in ("tech_validation_annotations", "house_validation_annotations"):
        assert {(data, "core"), (data, "semantic")} <= sets
    assert ("dev", "core") in sets
    national = figures.partition("### dev, core")[2].partition("###")[0]
    assert set(re.findall(r"^\| (\w\w) \|", national, re.M)) == {"de", "fr", "nl", "sv"}
    for table in figures.split("###")[1:]:
        lines = [line for line in table.splitlines() if line.startswith("|")]
        widths = [line.count("|") for line in lines]
        assert len(lines) >= 3
        assert len(set(widths[: widths.index(4)] if 4 in widths else widths)) == 1
    assert "(" in national  # an interval stands beside each mean
