"""The charts: each function returns a `funnelkit.show.picture.Picture`."""

from funnelkit.show.charts.funnel import funnel_chart
from funnelkit.show.charts.months import months_chart
from funnelkit.show.charts.products import product_chart
from funnelkit.show.charts.tree import tree_chart
from funnelkit.show.charts.waterfall import waterfall_chart

__all__ = ["funnel_chart", "months_chart", "product_chart", "tree_chart", "waterfall_chart"]
