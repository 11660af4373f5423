"""Generated functions: what the closures of a mapping do, in one straight piece of code.

The closures stay the definition of what a mapping means; a generated function does the common
cases at the speed of a program written by hand and asks the closures for all others.
"""

from qcp_graph.mapping.generate.mapper import Mapper

__all__ = ["Mapper"]
