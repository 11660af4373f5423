"""A country as files: what is in it, that every link leads somewhere, and that it is the same."""

import json
import re
import zipfile
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.pipeline.progress import Silent
from qcp_graph.server import offline
from qcp_graph.server.offline import names, target
from qcp_graph.server.pages import site
from qcp_graph.settings import Settings
from tests.server.offline.conftest import Write, dead_links, pages
from tests.server.pages import release

RICH = names.file_of("qualification", release.BASE.rstrip("/") + release.RICH)
EVIL = names.file_of("qualification", release.BASE.rstrip("/") + release.HOSTILE)


def test_every_link_leads_to_a_file(finland: Path, france: Path) -> None:
    assert dead_links(finland) == []
    assert dead_links(france) == []


def test_a_qualification_has_its_outcomes_and_skills_on_its_page(finland: Path) -> None:
    text = (finland / RICH).read_text(encoding="utf-8")
    assert "bakes bread" in text
    assert 'href="../../skill/' in text
    assert "/id/outcome/" not in re.sub(r"https://[^\"<]*", "", text)
    assert "<form" not in text
    assert "Compare" not in text


def test_only_skills_of_accepted_links_have_a_page(finland: Path) -> None:
    skills = [text for name, text in pages(finland).items() if name.startswith("skill/")]
    assert ["bake bread" in text for text in skills] == [True]
    assert "clean premises" in (finland / RICH).read_text(encoding="utf-8")
    assert "Vocational qualification in baking" in skills[0]


def test_what_needs_the_site_leads_there(finland: Path) -> None:
    text = (finland / RICH).read_text(encoding="utf-8")
    assert f'href="{release.BASE}id/record/fi/demo/100"' in text


def test_a_site_that_others_cannot_reach_is_not_linked(tmp_path: Path) -> None:
    base = "http://localhost:8000/"
    release.publish(tmp_path / "home", "r1", release.RDF.replace(release.BASE, base))
    settings = Settings(base_iri=base, home=tmp_path / "home")
    offline.run(settings, offline.Order("FIN", tmp_path / "out"), Silent())
    for name, text in pages(tmp_path / "out").items():
        assert 'href="http://localhost' not in text, name
    assert dead_links(tmp_path / "out") == []


def test_only_what_the_country_has_is_in_it(finland: Path, france: Path) -> None:
    assert "Pâtissier" not in "".join(pages(finland).values())
    assert not any("fi-demo" in name for name in pages(france) if "qualification" in name)
    # The French record was replaced by a Finnish one: outside of the bundle, on the site.
    assert f'href="{release.BASE}id/qualification/fi/demo/100"' in "".join(pages(france).values())


def test_a_list_without_javascript_has_every_qualification(finland: Path) -> None:
    total = json.loads((finland / target.MARK).read_bytes())["qualifications"]
    texts = pages(finland)
    everything = [text for name, text in texts.items() if re.match(r"list/../all-", name)]
    assert len(everything) == -(-total // 100) > 2
    listed = "".join(everything)
    qualifications = [name for name in texts if name.startswith("qualification/")]
    assert len(qualifications) == total
    assert [name for name in qualifications if f'"../../{name}"' not in listed] == []


def test_nothing_is_asked_of_the_network(finland: Path) -> None:
    for name, text in pages(finland).items():
        assert "default-src 'none'" in text, name
        assert not re.search(r"<(?:script|link|img|iframe|source)[^>]*(?:https?:|//)", text), name
        assert not re.search(r"<script(?! src=\")", text), name
        assert " style=" not in text, name


def test_hostile_data_stay_text(france: Path) -> None:
    text = (france / EVIL).read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert '="javascript:' not in text
    assert "<img" not in text


def test_the_same_release_gives_the_same_bytes(write: Write, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write("FIN", tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_zip_and_folder_hold_the_same(write: Write, finland: Path, tmp_path: Path) -> None:
    write("FIN", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert file.testzip() is None
        held = {name: file.read(name) for name in file.namelist()}
    there = [path for path in finland.rglob("*") if path.is_file()]
    assert held == {p.relative_to(finland).as_posix(): p.read_bytes() for p in there}


def test_a_dry_run_tells_the_same_and_writes_nothing(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dry, wet = write("FIN", None), write("FIN", tmp_path / "out")
    assert dry == wet
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert wet.files == sum(path.is_file() for path in (tmp_path / "out").rglob("*"))


@pytest.mark.parametrize("asked", ["FIN", "fi", "Finland", " finland "])
def test_a_country_by_code_or_name(write: Write, asked: str) -> None:
    assert write(asked, None).country == "FIN"


def test_a_language_of_the_reader(write: Write, tmp_path: Path) -> None:
    write("FIN", tmp_path / "out", language="ar")
    texts = pages(tmp_path / "out")
    assert all('lang="ar" dir="rtl"' in text for text in texts.values())
    assert "المؤهلات: فنلندا" in texts["index.html"]
    assert dead_links(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("country", "other", "code"),
    [
        ("XX", {}, "QCP-OFF-COUNTRY"),
        ("FIN", {"register": "fr-demo"}, "QCP-OFF-REGISTER"),
        ("FIN", {"language": "tlh"}, "QCP-OFF-LANGUAGE"),
        ("FIN", {"release": "r9"}, "QCP-OFF-RELEASE"),
    ],
)
def test_what_there_is_not(write: Write, country: str, other: dict[str, str], code: str) -> None:
    with pytest.raises(UsageError) as error:
        write(country, None, **other)
    assert error.value.code == code


def test_a_register_alone(write: Write) -> None:
    assert write("FIN", None, register="fi-demo").qualifications > 0


def test_pages_ask_no_clock(repository: Path) -> None:
    """A page that asked the day itself would make other bytes of the same release tomorrow."""
    asking = {
        path.name
        for path in (repository / "qcp_graph" / "server" / "pages").rglob("*.py")
        if re.search(r"\b(?:now|today|utcnow)\(|time\.time\(", path.read_text(encoding="utf-8"))
    }
    assert asking <= {"site.py"}


def test_a_later_day_gives_the_same_bytes(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("FIN", tmp_path / "a.zip")

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Later":
            return cls(2199, 1, 1, tzinfo=tz)

    monkeypatch.setattr(site, "datetime", Later)
    write("FIN", tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
