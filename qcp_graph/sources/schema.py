"""The JSON Schema of ``source.yaml`` (draft 2020-12), made of its own checks.

``source.schema.json`` beside this module is what it gives; a test holds the two together.
"""

from typing import Any, Final

from qcp_graph.sources import description

FILE: Final = "source.schema.json"


def schema() -> dict[str, Any]:
    """Return the schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/qcp-graph/schema/source.json",
        **description.schema(),
    }
