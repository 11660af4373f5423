"""A sheet for whatever a source is: format, fields, kinds and proposed targets."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from qcp_graph.errors import QcpError
from qcp_graph.mapping.sheet import words
from qcp_graph.mapping.sheet.kinds import FieldProfile, Profile
from qcp_graph.mapping.sheet.leaves import leaves
from qcp_graph.pipeline import templating
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def _made(settings: Settings, given: Path, **options: str) -> templating.Made:
    return templating.make(settings, str(given), Silent(), **options)


def _targets(made: templating.Made) -> dict[str, str]:
    return {line.profile.name: line.target for line in made.template.lines if line.target}


def test_json_with_languages(settings: Settings, tmp_path: Path) -> None:
    records = [
        {"code": str(n), "name": {"fi": f"Nimi {n}", "sv": f"Namn {n}"}, "koulutus": {"eqf": n + 1}}
        for n in range(5)
    ]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"items": records}))
    made = _made(settings, path, source_id="fi-demo")
    assert _targets(made) == {
        "code": "identifier", "name.fi": "title", "name.sv": "title", "koulutus.eqf": "EQF level",
    }  # fmt: skip
    languages = {line.profile.name: line.language for line in made.template.lines}
    assert (languages["name.fi"], languages["name.sv"]) == ("fi", "sv")
    assert made.template.register["iterator"] == "$.items[*]"
    assert made.template.register["country"] == "FIN"


def test_xml_and_workbook(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(
        f"<F><NUMERO>{n}</NUMERO><INTITULE>Titre {n}</INTITULE>"
        f"<DATE_FIN>{n + 10}/12/2025</DATE_FIN></F>"
        for n in range(9)
    )
    xml = tmp_path / "a.xml"
    xml.write_text(f"<R>{rows}</R>")
    made = _made(settings, xml)
    assert _targets(made) == {
        "NUMERO": "identifier", "INTITULE": "title", "DATE_FIN": "valid until",
    }  # fmt: skip
    steps = {line.profile.name: line.steps for line in made.template.lines}
    assert steps["DATE_FIN"] == "date_dmy"
    book = Workbook()
    for row in (("Code", "Titel"), ("A1", "Eins"), ("A2", "Zwei")):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    assert _targets(_made(settings, tmp_path / "a.xlsx")) == {
        "Code": "identifier",
        "Titel": "title",
    }


def test_folders_and_archives(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "README.md").write_text("words " * 1000)
    (folder / "big.csv").write_text("id;name\n" + "".join(f"{n};N{n}\n" for n in range(50)))
    (folder / "small.csv").write_text("code,title\n1,A\n2,B\n")
    made = _made(settings, folder)
    assert (made.file, set(made.others)) == ("big.csv", {"README.md", "small.csv"})
    assert made.template.register["delimiter"] == ";"
    assert _made(settings, folder, pattern="small*").file == "small.csv"
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.write(folder / "small.csv", "small.csv")
    assert _made(settings, tmp_path / "d.zip").file == "small.csv"
    with pytest.raises(QcpError, match="No file matches"):
        _made(settings, folder, pattern="other*")


def test_levels_find_their_framework(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    words_ = ("NQF Level 5", "NQF Level 6", "None") * 20
    path.write_text("id,level\n" + "".join(f"{n},{w}\n" for n, w in enumerate(words_)))
    made = _made(settings, path, source_id="za-demo")
    (line,) = [line for line in made.template.lines if line.target == "level"]
    assert line.detail == "za-nqf"
    targets = {word: target for word, (target, _) in made.template.codes[line.codes].items()}
    assert targets == {"NQF Level 5": "5", "NQF Level 6": "6", "None": ""}


def test_counting_stops_where_it_would_take_too_long(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templating, "MAX_RECORDS", 10)
    path = tmp_path / "a.csv"
    path.write_text("id\n" + "".join(f"{n}\n" for n in range(50)))
    made = _made(settings, path)
    assert (made.stopped, made.template.profile.records) == (True, 10)
    assert made.template.register["minimum"] == ""


def _values(*texts: str) -> FieldProfile:
    one = FieldProfile("x")
    for text in texts:
        one.take([text])
    return one


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["2024-01-02", "2023-12-31"], "date year-month-day"),
        (["31/12/2024", "1.2.2023"], "date day/month/year"),
        (["12/31/2024", "1/2/2023"], "date month/day/year"),
        (["http://a.org/x", "www.b.org"], "web address"),
        (["a@b.org", "c@d.org"], "e-mail address"),
        (["2019", "2020"], "year"),
        (["yes", "no"], "yes or no"),
        (["1,5", "20"], "number"),
        (["fi", "sv"], "language"),
        (["<p>a</p>", "b"], "text with HTML"),
        (["x", "x"], "text, always the same"),
        ([], "empty"),
        (["a", "b"] * 10, "word of a list"),
        (["y" * 400, "b"], "long text"),
    ],
)
def test_kinds(texts: list[str], kind: str) -> None:
    assert _values(*texts).kind == kind


def test_one_wrong_value_in_fifty_hides_no_kind() -> None:
    dates = [f"{n % 28 + 1:02}/0{n % 9 + 1}/20{n:02}" for n in range(60)]
    assert _values(*dates, "soon").kind == "date day/month/year"


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("QualificationTitle", "title"), ("INTITULE", "title"), ("Bezeichnung", "title"),
        ("Fim de vigência da qualificação", ""), ("Statut", "status"), ("nimi.fi", "title"),
        ("SectorSubjectArea", "category"), ("Certificateurs/Nom", "title"), ("x27", ""),
    ],
)  # fmt: skip
def test_words(name: str, target: str) -> None:
    one = FieldProfile(name)
    for number in range(30):
        one.take([f"some words {number % 7}"])
    assert words.suggest(one)[0] == target


def _hostile() -> Iterator[Mapping[str, object]]:
    for number in range(300):
        yield {f"field {number}-{n}": "v" * 1000 for n in range(50)}


def test_memory_is_bounded_whatever_a_source_holds() -> None:
    profile = Profile()
    for record in _hostile():
        profile.take(leaves(record, "table"))  # type: ignore[arg-type]
    assert len(profile.fields) == 2_000
    assert profile.left_out == 300 * 50 - 2_000
    deep: object = "x"
    for _ in range(500):
        deep = {"a": deep}
    assert leaves({"r": deep}, "json") == {}  # type: ignore[dict-item]
    many = FieldProfile("m")
    for number in range(6_000):
        many.take([f"{number}"])
    assert (many.distinct, many.overflow, many.unique) == (5_000, True, True)
