"""One record as a LOQ document of its own, for protocols that hand out records."""

from collections.abc import Iterable, Mapping, Set

from qcp_graph.exports.europass import EuropassFile
from qcp_graph.exports.europass_record import RecordWriter, Register
from qcp_graph.exports.europass_values import facts
from qcp_graph.exports.left_out import LeftOut
from qcp_graph.terms import Quad


def loq(quads: Iterable[Quad], members: Mapping[str, Set[str]]) -> str:
    """Return the LOQ document of a record and what it refers to, without XML declaration.

    A record that lacks what the schema requires gives a document without things, which is valid,
    with the reasons in a comment.
    """
    said = facts(quads)
    found: list[LeftOut] = []
    file = EuropassFile("loq")
    able = RecordWriter(Register(file, members, {}), said, found.append).able()
    written = RecordWriter(Register(file, members, {}, able), said, found.append).write()
    text = b"".join(file.finish()).decode().partition("?>")[2].strip()
    if written:
        return text
    reasons = dict.fromkeys(one.reason for one in found if one.field == "*")
    told = "; ".join(reasons).replace("--", "- -") or "nothing that this form can say"
    return f"<!-- {told} -->{text}"
