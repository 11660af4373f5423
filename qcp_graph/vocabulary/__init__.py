"""Concept schemes, frameworks and our own terms, as the folders ``ontology/`` say."""

from qcp_graph.vocabulary.load import Vocabulary, load

__all__ = ["Vocabulary", "load"]
