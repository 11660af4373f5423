"""OAI-PMH 2.0 (http://www.openarchives.org/OAI/openarchivesprotocol.html) over a release.

A record is identified by its IRI; its datestamp is the moment at which the release that changed
it last went live; a set is a register; deletions are kept for ever.
"""

from qcp_graph.feeds.oai.formats import FORMATS, MetadataFormat, Record
from qcp_graph.feeds.oai.repository import Repository, Told
from qcp_graph.feeds.oai.requests import OaiError, Request, parse

__all__ = [
    "FORMATS",
    "MetadataFormat",
    "OaiError",
    "Record",
    "Repository",
    "Request",
    "Told",
    "parse",
]
