"""Ranking of ESCO skills for a text: features, weights, indexes."""

from qcp_graph.linking.rank.opening import open_ranker
from qcp_graph.linking.rank.ranker import Candidates, Ranked, Ranker
from qcp_graph.linking.rank.weighting import Tier, Weights, weights

__all__ = ["Candidates", "Ranked", "Ranker", "Tier", "Weights", "open_ranker", "weights"]
