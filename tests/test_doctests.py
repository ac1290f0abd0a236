import doctest
import importlib
import pkgutil

import pytest

import funnelkit.client.exports
import funnelkit.model
import funnelkit.plan

MODULES = [
    module.name
    for package in (funnelkit.model, funnelkit.plan, funnelkit.client.exports)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    found = [
        test.examples
        for name in MODULES
        for test in doctest.DocTestFinder().find(importlib.import_module(name))
    ]
    assert any(found)
