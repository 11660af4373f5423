"""Reads a page and names what a reader with assistive technology would stumble over."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"meta", "link", "input", "br", "img", "hr", "wbr", "col", "source"}
LABELLED = {"input", "select", "textarea"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    path: tuple[str, ...]
    text: str = ""
    children: list["Element"] = field(default_factory=list)


class Page(HTMLParser):
    """The elements of a page in document order, and the faults of its syntax."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.faults: list[str] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{e.tag}> is never closed" for e in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        path = tuple(e.tag for e in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, path)
        self.elements.append(element)
        if self._open:
            self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1].tag if self._open else 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [e for e in self.elements if e.tag in tags]

    @property
    def words(self) -> str:
        """The text of the main part, with single spaces."""
        return re.sub(r"\s+", " ", self.all("main")[0].text).strip()

    def href(self, text: str) -> str:
        """Return where the first link with a text leads."""
        return next(a.attributes["href"] for a in self.all("a") if text in a.text)


def problems(page: Page) -> list[str]:
    """Return what is wrong with a page; an empty list is what a test wants."""
    return [*page.faults, *_structure(page), *_references(page), *_names(page), *_policy(page)]


def _structure(page: Page) -> list[str]:
    found = []
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} h1")
    html = page.all("html")[0]
    if not html.attributes.get("lang") or html.attributes.get("dir") not in {"ltr", "rtl"}:
        found.append("html without lang or dir")
    if not page.all("title")[0].text.strip() or len(page.all("main")) != 1:
        found.append("no title or not one main")
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    jumps = pairwise(levels)
    found += [f"h{a} followed by h{b}" for a, b in jumps if b > a + 1]
    for table in page.all("table"):
        if not any(child.tag == "caption" for child in table.children):
            found.append("table without caption")
    found += ["th without scope" for th in page.all("th") if not th.attributes.get("scope")]
    return found


def _references(page: Page) -> list[str]:
    ids = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    found = [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
    for element in page.elements:
        for name in ("for", "aria-labelledby", "aria-describedby"):
            for target in element.attributes.get(name, "").split():
                if target not in ids:
                    found.append(f"{name}={target} leads nowhere")
        href = element.attributes.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            found.append(f"{href} leads nowhere")
    return found


def _names(page: Page) -> list[str]:
    labels = {e.attributes.get("for") for e in page.all("label")}
    found = []
    for element in page.all(*LABELLED):
        hidden = element.attributes.get("type") == "hidden"
        if not hidden and element.attributes.get("id") not in labels:
            found.append(f"{element.tag} without label")
    found += ["empty link" for a in page.all("a", "button") if not a.text.strip()]
    for nav in page.all("nav"):
        if not nav.attributes.get("aria-label"):
            found.append("nav without a name")
    for image in page.all("svg"):
        named = {"aria-label", "aria-labelledby"} & {k for k, v in image.attributes.items() if v}
        if image.attributes.get("aria-hidden") != "true" and not named:
            found.append("picture without a text")
    if any(not e.text.strip() for e in page.all("h1", "h2", "h3", "th", "caption")):
        found.append("empty heading")
    return found


def _policy(page: Page) -> list[str]:
    """What our content security policy would refuse, and addresses that are not safe."""
    found = [f"<{e.tag}>" for e in page.all("style", "iframe", "object", "img")]
    for script in page.all("script"):  # our own files only; nothing written into the page
        if script.attributes.get("type") == "application/ld+json":
            continue  # data, which no browser runs
        address = script.attributes.get("src", "")
        if script.text.strip() or not re.match(r"(/[a-z]+)*/static/built/", address):
            found.append("<script>")
    for element in page.elements:
        for name, value in element.attributes.items():
            if name == "style" or name.startswith("on"):
                found.append(f"attribute {name}")
            if name in {"href", "src", "action"} and re.match(r"[a-z0-9+.-]+:", value, re.I):
                if not value.startswith(("http://", "https://", "mailto:")):
                    found.append(f"address {value}")
                if element.tag == "a" and "nofollow" not in element.attributes.get("rel", ""):
                    found.append(f"{value} may be followed by robots")
    return found
