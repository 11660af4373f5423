"""From the text of a learning outcome to ESCO skills: reviewable assertions, never silent guesses.

:func:`open_linker` gives what links a register: the ranking where a version of ESCO was imported,
equal labels of the project's extract where none was. :class:`Assertion` is the form of every link.
"""

from qcp_graph.linking import threads as _threads  # noqa: F401 - before numpy
from qcp_graph.linking.assertions import ASSERTED, Assertion, quads, text_key
from qcp_graph.linking.extract import load_extract
from qcp_graph.linking.index import EscoIndex
from qcp_graph.linking.linker import Linker
from qcp_graph.linking.matching import link
from qcp_graph.linking.opening import Given, open_linker

__all__ = [
    "ASSERTED",
    "Assertion",
    "EscoIndex",
    "Given",
    "Linker",
    "link",
    "load_extract",
    "open_linker",
    "quads",
    "text_key",
]
