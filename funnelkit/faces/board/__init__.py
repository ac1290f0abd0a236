"""The owner's board: sliders for every lever and for LTV, and pictures that follow them."""

from funnelkit.faces.board.board import Board

__all__ = ["Board"]
