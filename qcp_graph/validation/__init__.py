"""Validation: SHACL shapes compiled once, executed record by record (docs/validation.md)."""

from qcp_graph.validation.graph import ReferenceGraph
from qcp_graph.validation.issues import brief, issue_of, unread, untested
from qcp_graph.validation.lines import LineFile, TripleRecords
from qcp_graph.validation.plan import ShapePlan, compile_shapes
from qcp_graph.validation.referee import explained, referee
from qcp_graph.validation.report import report
from qcp_graph.validation.result import Result, Rule
from qcp_graph.validation.store_view import judge_store
from qcp_graph.validation.stream import Judge
from qcp_graph.validation.translation import Translator
from qcp_graph.validation.turtle import turtle
from qcp_graph.validation.whole import judge_graph

__all__ = [
    "Judge",
    "LineFile",
    "ReferenceGraph",
    "Result",
    "Rule",
    "ShapePlan",
    "Translator",
    "TripleRecords",
    "brief",
    "compile_shapes",
    "explained",
    "issue_of",
    "judge_graph",
    "judge_store",
    "referee",
    "report",
    "turtle",
    "unread",
    "untested",
]
