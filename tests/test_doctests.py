"""Every example in a docstring runs."""

import doctest
import importlib
import pkgutil

import pytest

import qcp_graph

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(qcp_graph.__path__, "qcp_graph.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
