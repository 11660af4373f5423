"""The addresses of the feeds, below the base IRI of the site."""

import re
from dataclasses import dataclass
from typing import Final

_PAGE: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._:+-]{0,99})-([1-9][0-9]{0,8})\Z")


def split_page(name: str) -> tuple[str, int] | None:
    """Split the name of a page into its release and its number, None where it is no name.

    >>> split_page("20261123T091500Z-02-7")
    ('20261123T091500Z-02', 7)
    """
    found = _PAGE.match(name)
    return (found[1], int(found[2])) if found else None


@dataclass(frozen=True, slots=True)
class Places:
    """Where the feeds of a site are; ``base`` is its base IRI, with a slash at the end."""

    base: str

    @property
    def ldes(self) -> str:
        """The event stream of all registers."""
        return f"{self.base}feed/ldes"

    @property
    def stream(self) -> str:
        """The IRI of the collection itself."""
        return f"{self.ldes}#stream"

    @property
    def shape(self) -> str:
        """The shape that every version has."""
        return f"{self.ldes}#shape"

    def view(self, source_id: str) -> str:
        """Return the node from which the pages of a register are reached."""
        return f"{self.ldes}/{source_id}"

    def page(self, source_id: str, release: str, number: int) -> str:
        """Return a page of versions.

        >>> Places("https://x.org/").page("xx-demo", "r1", 2)
        'https://x.org/feed/ldes/xx-demo/r1-2'
        """
        return f"{self.view(source_id)}/{release}-{number}"

    @property
    def atom(self) -> str:
        """The Atom feed of the releases."""
        return f"{self.base}feed/atom"

    def atom_feed(self, source_id: str) -> str:
        """Return the Atom feed of a register."""
        return f"{self.atom}/{source_id}"

    def atom_page(self, source_id: str, release: str, number: int) -> str:
        """Return an archived page of a register's Atom feed."""
        return f"{self.atom_feed(source_id)}/{release}-{number}"

    @property
    def oai(self) -> str:
        """The base URL of OAI-PMH."""
        return f"{self.base}oai"
