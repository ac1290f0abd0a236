"""How the price of growth is drawn: measures and layers."""

from dataclasses import replace

import altair as alt

from funnelkit.show.charts import theme
from funnelkit.show.charts.spendlines import ROOMY

__all__ = ["AT", "NOTES", "layers"]

AT = replace(ROOMY, height=436.0, top=40.0, bottom=364.0, name_room=240.0, value=13.0)
NOTES = 404.0
"""Height of the first line of what stands below the field."""


def layers() -> list[alt.Chart]:
    """Draw the field's edges, B, the lines and where they end, then texts."""
    x, y, colour = theme.across("x"), theme.down("y"), theme.own("colour")
    edges = [
        alt.Chart(alt.NamedData("ends"))
        .mark_rule(color=theme.LINE)
        .encode(x=alt.XValue(x1), x2=alt.X2Value(x2), y=alt.YValue(y1), y2=alt.Y2Value(y2))
        for x1, y1, x2, y2 in (
            (AT.left, AT.top - 6, AT.left, AT.bottom),
            (AT.left, AT.bottom, AT.right, AT.bottom),
        )
    ]
    b = (
        alt.Chart(alt.NamedData("b"))
        .mark_rule(color=theme.GOAL, strokeWidth=1.5, strokeDash=[6, 4])
        .encode(x=x, y=alt.YValue(AT.top - 6), y2=alt.Y2Value(AT.bottom))
    )

    def rule(data: str) -> alt.Chart:
        chart: alt.Chart = (
            alt.Chart(alt.NamedData(data))
            .mark_rule(color=theme.GREY, strokeWidth=1)
            .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
        )
        return chart

    lines = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(strokeWidth=3, strokeJoin="round")
        .encode(x=x, y=y, color=colour, detail="stage:N")
    )
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", size=110, stroke="white", strokeWidth=1.5, opacity=1)
        .encode(x=x, y=y, fill=alt.Fill("colour:N", scale=None, legend=None))
    )
    align = alt.ExprRef("datum.align")
    labels = [
        theme.text(
            "labels",
            x=x,
            y=y,
            align=align,
            bold=alt.ExprRef("datum.weight"),
            size=alt.ExprRef("datum.size"),
            halo=halo,
            colour="white" if halo else None,
        )
        for halo in (True, False)
    ]
    return [
        *(*edges, b, rule("even"), lines, rule("leaders"), dots, *labels),
        theme.text("ends", x=x, y=y, size=12, align=align),
        theme.text("notes", x=2, y=y, size=12, colour=theme.QUIET),
    ]
