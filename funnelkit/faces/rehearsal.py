"""Showing a demo client's plan to nobody, so that kernels forked from here have drawn before.

What stays of it is what is kept anyway once it has been worked out: marks that Altair has checked,
templates, translations, the widths of texts.
"""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

from funnelkit.faces.marketer import marketer_level
from funnelkit.faces.workbook import owner_level

__all__ = ["rehearse"]

_CLIENTS = Path(__file__).parents[2] / "data" / "clients"

_DEMOS = {"mealbox": "en", "saldo": "ru"}
"""Clients with both levels, by the language of their notebooks."""

_IMPORTS = ("scipy.optimize", "scipy.special", "funnelkit.faces.evidence")
"""What is imported where a client has exports, and takes a second."""


def rehearse() -> None:
    """Draw and tabulate all that the notebooks show of the demo clients, boards aside."""
    for module in _IMPORTS:
        import_module(module)
    for name, language in _DEMOS.items():
        file = _CLIENTS / name / "client.yaml"
        parameters = {"client": str(file), "scenario": "plan"}
        for level in (owner_level, marketer_level):
            # A demo may have been changed or removed; a kernel then draws for the first time.
            with suppress(Exception):
                opened = level(parameters, language=language)
                for part in dir(opened):
                    shown = getattr(opened, part)
                    if hasattr(shown, "_repr_mimebundle_"):
                        shown._repr_mimebundle_()
