"""``qcp occupations``: mappings of national classifications and what they lead to."""

import json
from pathlib import Path

from click.testing import CliRunner

from qcp_graph.cli.main import main

BAKER = "http://data.europa.eu/esco/occupation/baker"
MAPPING = (
    "Mapping project name,Test\nClassification 1 Version,1.1.1\nClassification 1 Language,fr\n"
    "Classification 2 Name,ROME\n\n"
    "classification 1 ID,classification 1 prefered label,classification 2 ID,"
    "classification 2 prefered label,mapping relation\n"
    f"{BAKER},boulanger,101,Boulanger / Boulangère,skos:exactMatch\n"
)


def run(home: Path, *arguments: str) -> list[dict[str, object]] | dict[str, object]:
    done = CliRunner().invoke(
        main, ["occupations", *arguments, "--home", str(home), "--format", "json"]
    )
    assert done.exit_code == 0, done.output
    told: list[dict[str, object]] | dict[str, object] = json.loads(done.stdout)
    return told


def test_import_list_show(tmp_path: Path) -> None:
    mapping, rome = tmp_path / "mapping.csv", tmp_path / "rome.csv"
    mapping.write_text(MAPPING, encoding="utf-8")
    rome.write_text("code,label,parent\nD1102,Boulanger,D1102\n", encoding="utf-8")
    home = tmp_path / "home"
    assert run(home, "list") == []
    told = run(home, "import", str(mapping), "--scheme", "rome", "--classification", str(rome))
    assert isinstance(told, dict)
    assert (told["codes"], told["exact"]) == (1, 1)
    assert run(home, "list") == [
        {"scheme": "rome", "name": "ROME", "esco": "1.1.1", "codes": 1, "exact": 1}
    ]
    (found,) = run(home, "show", "rome", "D1102")
    assert found == {"relation": "exactMatch", "occupation": BAKER, "label": "boulanger"}
    assert run(home, "show", "rome", "X9") == []
