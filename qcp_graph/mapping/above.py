"""What stands around a record: references that climb out of it (``$(^name)`` in the record itself).

Readers put the objects or elements around a record under its member ``^`` (option ``parents``).
"""

from dataclasses import replace
from typing import Final

from qcp_graph.mapping.loops import LoopNode
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.paths import Reference
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.spec import Input, SideTable

ABOVE: Final = "^"


def grounded(reference: Reference, here: LoopNode) -> Reference:
    """Return a reference that climbs beyond the record as one into the record's ``^``."""
    beyond = reference.up - here.depth
    if beyond <= 0 or reference.kind != "path":
        return reference
    return replace(reference, up=here.depth, steps=(ABOVE,) * beyond + tuple(reference.steps))


def check(used: list[tuple[str, Place]], spec: Input | SideTable) -> None:
    """Refuse such references where the reader does not give what stands around records.

    :raises UsageError: naming the first of them.
    """
    if used and spec.options.get("parents") not in (True, "true"):
        remedy = "To read what stands around records, set options: {parents: true}."
        text, place = used[0]
        raise fault(
            "QCP-MAP-TEMPLATE", f"$({text}) climbs higher than the record.", place,
            remedy if spec.format in {"json", "xml"} else "",
        )  # fmt: skip
