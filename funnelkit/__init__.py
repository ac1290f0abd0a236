"""Decomposition of a revenue target: from point A to point B, stage by stage."""

__version__ = "0.1.0"
