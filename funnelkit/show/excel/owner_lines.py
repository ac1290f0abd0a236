"""The owner's model as formulas: a table of quantities, one formula each.

``{leads}`` is the quantity's cell in the same month, ``{before[leads]}`` in the month before,
``{spread[leads]}`` the quantity spread over the sales cycle. Names without braces are inputs.
"""

from dataclasses import dataclass

from funnelkit.model.levers import message as _
from funnelkit.show.excel.formulas import over, times
from funnelkit.show.excel.numberformats import Kind

__all__ = ["MONEY", "PEOPLE", "Line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A quantity of a month.

    Attributes
    ----------
    name : str
        Key of its row.
    formula : str
        For every month; by `first` for month 0 and by `settled` for the month in which the plan
        settles, where they differ.
    earlier : str
        What the months before month 0 were like, where the sales cycle asks for it.
    kind : Kind
    label, meaning : str
        Message ids; empty where `funnelkit.show.labels` and `definitions` know them.
    product : str
        Name of the product that the row belongs to.
    """

    name: str
    formula: str
    first: str = ""
    settled: str = ""
    earlier: str = ""
    kind: Kind = "count"
    label: str = ""
    meaning: str = ""
    product: str = ""


PEOPLE = (
    Line(
        name="leads",
        formula="{visitors}*{lead_rate}+{audience}*{engagement_rate}*{nurtured_lead_rate}",
    ),
    Line(
        name="capacity",
        formula='IF(leads_per_manager="","{no_limit}",{managers}*leads_per_manager)',
        label=_("Team's capacity"),
        meaning=_("Sales managers × the leads that each gets through in a month."),
    ),
    # MIN passes over a cell with a text: a team without a limit works on all leads.
    Line(
        name="worked_leads",
        first="MIN(backlog+{leads},{capacity})",
        formula="MIN({before[waiting_leads]}+{leads},{capacity})",
        settled="MIN({leads},{capacity})",
    ),
    Line(
        name="waiting_leads",
        first='IF(overflow="{wait}",backlog+{leads}-{worked_leads},0)',
        formula='IF(overflow="{wait}",{before[waiting_leads]}+{leads}-{worked_leads},0)',
        settled='IF(overflow="{wait}",{leads}-{worked_leads},0)',
        meaning=_("Leads above the team's capacity that are worked on in a later month."),
    ),
    Line(
        name="lost_leads",
        first='IF(overflow="{wait}",0,backlog+{leads}-{worked_leads})',
        formula='IF(overflow="{wait}",0,{leads}-{worked_leads})',
        meaning=_("Leads above the team's capacity that nobody works on."),
    ),
    Line(
        name="answered_leads",
        formula="{worked_leads}*{answered_rate}",
        meaning=_("Leads worked on × answered."),
    ),
    Line(
        name="qualified_leads",
        formula="{answered_leads}*{qualified_rate}",
        earlier="MIN({leads},{capacity})*{answered_rate}*{qualified_rate}",
        meaning=_("Leads called back × qualified."),
    ),
    Line(
        name="new_customers",
        formula="{win_rate}*({spread[qualified_leads]})",
    ),
    Line(
        name="overdue_leads",
        formula="MAX({worked_leads}-{leads},0)*{answered_rate}*{qualified_rate}",
        earlier="0",
        label=_("Of the leads that can buy, from the backlog"),
        meaning=_("Leads that had waited: what they bring comes once and is no run rate."),
    ),
    Line(
        name="active_customers",
        first="active_customers",
        formula="({before[active_customers]}+{before[new_customers]})*{before[retention_rate]}",
        settled="IF({new_customers}=0,IF({retention_rate}=1,active_customers,0*{retention_rate}),"
        "IF({retention_rate}<1,{new_customers}*{retention_rate}/(1-{retention_rate}),NA()))",
    ),
)
"""From leads to clients."""

MONEY = (
    Line(
        name="signed_new",
        formula="{new_customers}*{first_sale}",
        kind="money",
        label=_("Signed by new clients"),
        meaning=_("New clients × what each signs at first."),
    ),
    Line(
        name="signed_repeat",
        formula=times("{repeat_sale}", "{active_customers}"),
        kind="money",
        label=_("Signed by active clients"),
        meaning=_("Active clients × what each signs in a month."),
    ),
    Line(
        name="revenue_new",
        formula="{signed_new}*{collection_new}*(1-{refund_rate})",
        kind="money",
    ),
    Line(
        name="revenue_repeat",
        formula="{signed_repeat}*{collection_repeat}",
        kind="money",
    ),
    Line(
        name="revenue",
        formula="{revenue_new}+{revenue_repeat}+{other_revenue}",
        kind="money",
        meaning=_("Revenue from new clients, from repeat sales, and other revenue."),
    ),
    Line(
        name="backlog_revenue",
        formula="{win_rate}*({spread[overdue_leads]})*{first_paid}",
        kind="money",
        label=_("Of the revenue, once, from the backlog"),
        meaning=_("Revenue from leads that had waited: one-off, no run rate."),
    ),
    Line(
        name="contribution",
        formula="{revenue}-"
        + times("{new_customers}", "{first_cost}")
        + "-"
        + times("{repeat_cost}", "{active_customers}")
        + "-"
        + times("{other_revenue}", "(1-{other_revenue_margin})"),
        kind="money",
    ),
    Line(
        name="marketing",
        formula="{marketing_fixed}+"
        + times("{visitors}", "{cost_per_visitor}")
        + "+"
        + times("{audience}", "{cost_per_reached}"),
        kind="money",
        meaning=_("Fixed marketing + visitors × cost of one + people reached × cost of one."),
    ),
    Line(
        name="sales_cost",
        formula=times("{managers}", "{cost_per_manager}"),
        kind="money",
        label=_("Sales cost"),
        meaning=_("Sales managers × cost of one."),
    ),
    Line(
        name="profit",
        formula="{contribution}-{fixed_costs}-{sales_cost}-{marketing}",
        kind="money",
    ),
    Line(
        name="cac",
        formula=over("({marketing}+{sales_cost})", "{new_customers}"),
        kind="money",
        label=_("CAC"),
        meaning=_("Marketing and sales cost of a month per new client of that month."),
    ),
    Line(
        name="ltv_to_cac",
        formula=over("{ltv}", "{cac}"),
        kind="ratio",
        label=_("LTV / CAC"),
        meaning=_("What a new client brings for each unit of money that winning one costs."),
    ),
)
"""From clients to profit."""
