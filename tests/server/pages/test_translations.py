"""Each language says everything, with the same placeholders; the catalogues name nothing else."""

import re
from contextlib import chdir
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from qcp_graph.server.pages.i18n import load, preferences

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = sorted((ROOT / "web" / "translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
SOURCES = ((ROOT / "web" / "templates", "jinja2"), (ROOT / "qcp_graph/server/pages", "python"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Key = str | tuple[str, ...]


@pytest.fixture(scope="module")
def used() -> set[Key]:
    found: set[Key] = set()
    for folder, method in SOURCES:
        extension = "html" if method == "jinja2" else "py"
        for _, _, message, _, _ in extract_from_dir(
            folder, [(f"**.{extension}", method)], keywords=KEYWORDS
        ):
            found.add(tuple(message) if isinstance(message, list | tuple) else message)
    return found


def key(message: Message) -> Key:
    return tuple(message.id) if isinstance(message.id, list | tuple) else str(message.id)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def test_there_are_translations() -> None:
    assert {p.parent.parent.name for p in CATALOGUES} >= {"fr", "de", "fi", "pt", "es", "ar"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parent.parent.name)
def test_a_translation_is_complete(path: Path, used: set[Key]) -> None:
    catalogue = read(path)
    translated = {key(m) for m in catalogue if m.id}
    assert translated == used
    assert not catalogue.obsolete
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        assert not message.fuzzy, message.id
        assert all(forms), message.id
        assert len(forms) == (catalogue.num_plurals if message.pluralizable else 1)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parent.parent.name)
def test_placeholders_are_those_of_the_source(path: Path) -> None:
    for message in read(path):
        sources = message.id if isinstance(message.id, list | tuple) else [message.id]
        forms = message.string if isinstance(message.string, list | tuple) else [message.string]
        wanted = set(PLACEHOLDER.findall(" ".join(sources)))
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == wanted, message.id
            if wanted:
                assert form % dict.fromkeys(wanted, "x"), message.id


def test_no_compiled_catalogues() -> None:
    assert not list((ROOT / "web").rglob("*.mo"))


def test_plurals_numbers_and_dates() -> None:
    languages = load(None).by_tag
    french, finnish, english = languages["fr"], languages["fi"], languages["en"]
    one, many = "%(num)s qualification", "%(num)s qualifications"
    assert french.ngettext(one, many, 0) == "0 certification"
    assert french.ngettext(one, many, 1200) == "1\u202f200 certifications"
    assert finnish.ngettext(one, many, 2) == "2 tutkintoa"
    assert english.ngettext(one, many, 1) == "1 qualification"
    assert finnish.date("2024-05-01") == "1. toukokuuta 2024"
    assert english.date("2024-05-01T10:00:00Z") == "1 May 2024"
    assert english.date("2017") == "2017"
    assert english.date("2019-10") == "October 2019"
    assert english.date("2019-13-45") == "2019-13-45"
    assert english.date("soon") == "soon"


def test_arabic_has_six_forms_and_runs_from_right_to_left() -> None:
    languages = load(None).by_tag
    arabic, spanish = languages["ar"], languages["es"]
    one, many = "%(num)s qualification", "%(num)s qualifications"
    forms = [arabic.ngettext(one, many, number) for number in (0, 1, 2, 3, 11, 100, 103)]
    assert len({form.split()[1] for form in forms}) == 4
    assert forms[3].split()[1] == forms[6].split()[1] == "مؤهلات"
    assert (arabic.direction, arabic.name) == ("rtl", "العربية")
    assert arabic.date("2024-05-01") == "1 مايو 2024"
    assert spanish.date("2024-05-01") == "1 de mayo de 2024"
    assert spanish.ngettext(one, many, 1200000) == "1.200.000 cualificaciones"


def test_a_language_added_as_the_guide_says_is_offered_at_once(tmp_path: Path) -> None:
    """The steps of docs/translating.md with Swahili, in a workspace."""
    pot, folder = tmp_path / "messages.pot", tmp_path / "web" / "translations"
    extract = ["extract", "-F", str(ROOT / "web/translations/babel.cfg"), "-k", "N_"]
    frontend = CommandLineInterface()
    with chdir(ROOT):  # paths in babel.cfg are relative to the checkout
        frontend.run(["pybabel", *extract, "-o", str(pot), "."])
    frontend.run(["pybabel", "init", "-i", str(pot), "-d", str(folder), "-l", "sw"])
    path = folder / "sw" / "LC_MESSAGES" / "messages.po"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "Search"\nmsgstr ""', 'msgid "Search"\nmsgstr "Tafuta"'))
    languages = load(tmp_path)
    swahili = languages.choose(None, "sw-KE, en;q=0.5")
    assert (swahili.tag, swahili.name, swahili.direction) == ("sw", "Kiswahili", "ltr")
    assert swahili.gettext("Search") == "Tafuta"
    assert swahili.gettext("Registers") == "Registers"
    assert swahili.number(1200) == "1,200"
    assert set(load(None).by_tag) < set(languages.by_tag)


def test_a_message_that_a_language_lacks_is_said_in_english() -> None:
    spanish = load(None).by_tag["es"]
    assert spanish.gettext("Never translated") == "Never translated"
    assert spanish.ngettext("%(num)s thing", "%(num)s things", 2) == "2 things"


def test_values_are_escaped_and_percent_signs_stay() -> None:
    english = load(None).by_tag["en"]
    assert english.gettext("Search: %(text)s", text="<b>%s") == "Search: &lt;b&gt;%s"
    assert english.gettext("100 %") == "100 %"


def test_the_choice_of_a_language() -> None:
    languages = load(None)
    assert languages.choose("fi", "de").tag == "fi"
    assert languages.choose("xx", "xx, de-AT;q=0.7, fr;q=0.8").tag == "fr"
    assert languages.choose(None, None).tag == "en"
    assert preferences("*;q=0.5, , fr;q=0, de;q=x, a" + "b" * 5000) == []
