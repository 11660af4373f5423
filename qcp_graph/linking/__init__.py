"""From the text of a learning outcome to ESCO skills: reviewable assertions, never silent guesses.

Now: labels in the text's own language, exact or normalised, of the whole text or of a clause. The
interface is the one that ranked and semantic matching will use.
"""

from qcp_graph.linking.assertions import ASSERTED, Assertion, quads, text_key
from qcp_graph.linking.extract import load_extract
from qcp_graph.linking.index import EscoIndex
from qcp_graph.linking.matching import link

__all__ = ["ASSERTED", "Assertion", "EscoIndex", "link", "load_extract", "quads", "text_key"]
