"""The charts: each function returns a `funnelkit.show.picture.Picture`."""

from funnelkit.show.charts.channels import channels_chart
from funnelkit.show.charts.facts import facts_chart
from funnelkit.show.charts.fan import fan_chart
from funnelkit.show.charts.funnel import funnel_chart
from funnelkit.show.charts.growth import growth_chart
from funnelkit.show.charts.months import months_chart
from funnelkit.show.charts.needed import needed_chart
from funnelkit.show.charts.payback import payback_chart
from funnelkit.show.charts.portfolio import portfolio_chart
from funnelkit.show.charts.products import product_chart
from funnelkit.show.charts.spend import spend_chart
from funnelkit.show.charts.tornado import tornado_chart
from funnelkit.show.charts.tree import tree_chart
from funnelkit.show.charts.unit_economics import unit_economics_chart
from funnelkit.show.charts.waterfall import waterfall_chart

__all__ = [
    "channels_chart",
    "facts_chart",
    "fan_chart",
    "funnel_chart",
    "growth_chart",
    "months_chart",
    "needed_chart",
    "payback_chart",
    "portfolio_chart",
    "product_chart",
    "spend_chart",
    "tornado_chart",
    "tree_chart",
    "unit_economics_chart",
    "waterfall_chart",
]
