"""Live charts: any Altair chart whose rows a running kernel swaps in place."""

from funnelkit.faces.live.chart import LiveChart

__all__ = ["LiveChart"]
