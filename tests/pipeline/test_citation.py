"""Citations name owner, delivery, publisher, release and IRI."""

from pathlib import Path

import pyoxigraph as ox

from qcp_graph.iris import Iris
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from qcp_graph.store.folder import ReleaseFolder
from tests.server.conftest import served

SOURCE = "at-berufe-specimen"
CITATION = ox.NamedNode("http://purl.org/dc/terms/bibliographicCitation")


def test_catalogue_register_and_page_say_how_to_cite(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, publisher="Ministry of Bread", title="Our graph")
    build(settings, Order(source_ids=(SOURCE,)), Silent())
    releases = ReleaseFolder(tmp_path, Iris(settings.base_iri))
    manifest = releases.current()
    assert manifest is not None
    store = releases.open_store(manifest.id)
    cited = {
        quad.subject.value.removeprefix(settings.base_iri): quad.object.value
        for quad in store.quads_for_pattern(None, CITATION, None)
    }
    released = (
        f"linked open data of Ministry of Bread, release {manifest.id} of {manifest.created[:10]}."
    )
    register = "id/register/" + SOURCE.replace("-", "/", 1)
    assert set(cited) == {"id/catalogue", register}
    assert cited["id/catalogue"] == (
        f"Ministry of Bread: Our graph; {released} {settings.base_iri}id/catalogue"
    )
    delivered = manifest.registers[SOURCE].retrieved[:10]
    assert (
        f". As delivered on {delivered}; {released} {settings.base_iri}{register}"
        in cited[register]
    )
    with served(create_app(settings)) as client:
        page = client.get("/dumps/", headers={"Accept": "text/html"}).text
    assert "How to cite" in page
    assert released in page
