"""The channels of a client's file mean what the file says."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from funnelkit.client.client import Client
from funnelkit.client.document import load
from funnelkit.client.doubts import doubts
from funnelkit.client.problems import ClientFileError
from funnelkit.client.read import read_client
from funnelkit.plan.cases import Case, case_of
from funnelkit.plan.media import CHANNEL_LEVERS, channel_levers
from funnelkit.plan.reconcile import reconciled
from funnelkit.plan.spend import spend_of
from funnelkit.plan.target import Target, price_permitted
from funnelkit.plan.uncertainty import Counts, Range
from funnelkit.show.doubts import doubt_lines
from funnelkit.show.words import Words
from tests.client.files import MARKETED, remarketed, write
from tests.client.whole_files import as_yaml, whole_files

CLIENTS = Path(__file__).parents[2] / "data" / "clients"


def client(folder: Path, *pieces: str) -> Client:
    return read_client(write(folder, remarketed(*pieces)))


def marketing(folder: Path, *pieces: str):
    found = client(folder, *pieces).marketing
    assert found is not None
    return found


def test_a_file_means_what_it_says(tmp_path: Path) -> None:
    """Search: 1,000 buys 500 clicks and 50 leads; articles 300 and 6; a tenth of the lost 744."""
    one = client(tmp_path)
    assert one.marketing is not None
    media = one.marketing.media
    assert media.market.names == ("Search", "Articles", "Retargeting")
    assert media.market.stages == ("answered_rate", "win_rate")
    assert media.starts == ("media", "clicks", "share")
    assert media.now.amount.tolist() == [1000.0, 300.0, 0.1]
    assert media.plan.amount.tolist() == [2000.0, 400.0, 0.1]
    assert media.now.price.tolist() == [2.0, 0.0, 1.0]
    assert media.lower.tolist() == [0.0, 0.0, 0.0]
    assert media.upper.tolist() == [9000.0, np.inf, np.inf]
    assert media.curves.seen[0] == 1000.0
    assert np.isnan(media.curves.seen[1:]).all()
    assert media.known["landing_rate"] == (None, Counts(won=6.0, of=300.0), None)
    assert one.marketing.running is not None
    running = one.marketing.running
    assert (running.offset, running.days_gone, running.days) == (1, 12, 31)
    assert running.facts["leads"][1] == 2.0
    assert np.isnan(running.facts["media"]).all()
    now = one.plan.now
    assert now["visitors"] == pytest.approx(500 + 300 + 74.4)
    assert now["visitors"] * now["lead_rate"] == pytest.approx(50 + 6 + 3.72)
    assert now["visitors"] * now["cost_per_visitor"] == pytest.approx(1000 + 74.4)
    # twice the spend brings as many times the leads as the history's curve says: 2 ** log2(5/3)
    clicks = 500 * 5 / 3
    visitors = clicks + 400 + 0.1 * (clicks * 0.9 + 400 * 0.98)
    assert one.plan.target["visitors"] == pytest.approx(visitors)


@pytest.mark.parametrize("name", ["mealbox", "saldo"])
def test_a_demos_channels_are_its_owners_levers(name: str) -> None:
    one = read_client(CLIENTS / name / "client.yaml")
    assert one.marketing is not None
    for terms, table in (
        (one.plan.now, one.marketing.media.today(one.plan)),
        (one.plan.target, one.marketing.media.planned(one.plan)),
    ):
        assert table.complete.all()
        clicks = float(np.sum(table.channels.clicks))
        leads = float(np.sum(table.channels.leads))
        assert terms["visitors"] == pytest.approx(clicks, rel=1e-12)
        assert terms["lead_rate"] == pytest.approx(leads / clicks, rel=1e-12)
        marketing = terms["visitors"] * terms["cost_per_visitor"] + terms["marketing_fixed"]
        assert marketing == pytest.approx(float(table.total.total_marketing), rel=1e-12)
    months = one.plan.run()
    beside = one.plan.now["audience"] * one.plan.now["cost_per_reached"]
    total = float(one.marketing.media.today(one.plan).total.total_marketing)
    assert months.marketing[0] == pytest.approx(total + beside)


def test_scenarios_plan_channels_otherwise(tmp_path: Path) -> None:
    one = client(tmp_path, "{budget: 3_000}", "{budget: 3_000, price: 3, landing_rate: 12%}")
    assert one.marketing is not None
    media = one.marketing.media_of("more")
    assert media.plan.amount.tolist() == [3000.0, 400.0, 0.1]
    assert media.plan.price.tolist() == [3.0, 0.0, 1.0]
    assert media.plan.rates["landing_rate"].tolist() == [0.12, 0.02, 0.05]
    more = one.scenario("more")
    brought = channel_levers(media.planned(more))
    for name in CHANNEL_LEVERS:
        assert more.target[name] == pytest.approx(brought[name], rel=1e-12)
    idle = one.marketing.media_of("now")
    assert idle.plan == idle.now
    assert one.marketing.media_of("plan").plan == one.marketing.media.plan


def test_the_plan_has_its_own_channels_whatever_else_comes_to_its_levers(tmp_path: Path) -> None:
    # A channel that is incomplete brings nothing that is known, with more budget, too.
    one = client(tmp_path, "      landing_rate: 10%\n", "")
    assert one.scenario("more") == one.plan
    assert one.media(one.plan).plan.amount.tolist() == [2000.0, 400.0, 0.1]


def test_a_scenarios_own_levers_stand_above_its_channels(tmp_path: Path) -> None:
    one = client(tmp_path, "{channels:", "{levers: {visitors: 5_000, win_rate: 30%}, channels:")
    more = one.scenario("more")
    assert more.target["visitors"] == 5000.0
    assert more.target["win_rate"] == 0.3


@pytest.mark.parametrize(
    ("typed", "first", "buying"),
    [
        ("budget: 100\n      price: 2\n      landing_rate: 1%", "clicks", "clicks"),
        (
            "budget: 100\n      price: 2\n      landing_rate: 1%\n      ctr: 1%",
            "impressions",
            "clicks",
        ),
        (
            "budget: 100\n      buys: impressions\n      price: 2\n      landing_rate: 1%\n"
            "      ctr: 1%",
            "impressions",
            "impressions",
        ),
        ("budget: 100\n      buys: leads\n      price: 2", "leads", "leads"),
        (
            "budget: 100\n      buys: leads\n      price: 2\n      landing_rate: 1%",
            "clicks",
            "leads",
        ),
        ("clicks: 100\n      landing_rate: 1%", "clicks", "clicks"),
        ("leads: 10", "leads", "leads"),
        ("impressions: 100\n      ctr: 1%\n      landing_rate: 1%", "impressions", "impressions"),
        ("recovers: {of: leads, share: 1%}", "leads", "leads"),
        (
            "recovers: {of: visitors, share: 1%}\n      buys: impressions\n      ctr: 1%\n"
            "      landing_rate: 1%\n      price: 140",
            "impressions",
            "impressions",
        ),
        ("clicks: 9\n      landing_rate: 1%\n      buys: leads\n      price: 5", "clicks", "leads"),
    ],
)
def test_a_chain_begins_where_the_file_knows_it(
    typed: str, first: str, buying: str, tmp_path: Path
) -> None:
    old = "clicks: {now: 300, plan: 400}\n      landing_rate: {now: {won: 6, of: 300}}"
    channel = marketing(tmp_path, old, typed).media.market.channels[1]
    assert (channel.first, channel.buying) == (first, buying)


def test_retargeting_by_impressions_is_paid_by_impressions(tmp_path: Path) -> None:
    """74.4 back at a CTR of 1 % are 7,440 impressions, at 140 a thousand."""
    one = client(tmp_path, "price: 1\n", "price: 140\n      buys: impressions\n      ctr: 1%\n")
    assert one.marketing is not None
    media = one.marketing.media.today(one.plan).channels.media
    assert media.tolist() == pytest.approx([1000.0, 0.0, 7.44 * 140])


def test_what_a_channel_says_for_itself_counts_and_the_rest_is_the_owners(tmp_path: Path) -> None:
    one = client(
        tmp_path,
        "price: 2\n",
        "price: 2\n      rates: {win_rate: 50%}\n      skips: [answered_rate]\n"
        "      check: 700\n      unit_cost: 100\n      repeat_share: 10%\n",
        "  running:",
        "  economics: {ad_vat: 20%, agency_share: 10%, repeat_share: 5%, returned_share: 4%}\n"
        "  agency_fee: 60\n  running:",
    )
    assert one.marketing is not None
    table = one.marketing.media.today(one.plan)
    rows = table.channels
    assert rows.orders.tolist() == pytest.approx([50 * 0.5, 6 * 0.16, 3.72 * 0.16])
    assert rows.new_customers.tolist() == pytest.approx(
        [25 * 0.96 * 0.9, 0.96 * 0.96 * 0.95, 3.72 * 0.16 * 0.96 * 0.95]
    )
    assert rows.revenue[:2].tolist() == pytest.approx([24 * 700, 0.96 * 0.96 * 500])
    assert rows.cogs[:2].tolist() == pytest.approx([24 * 100, 0.96 * 0.96 * 500 * 0.6])
    assert float(table.total.total_marketing) == pytest.approx(1074.4 * 1.3 + 60)


def test_an_incomplete_channel_is_left_out_and_never_whole(tmp_path: Path) -> None:
    one = client(tmp_path, "      landing_rate: 10%\n", "")
    assert one.marketing is not None
    table = one.marketing.media.today(one.plan)
    assert table.complete.tolist() == [False, True, True]
    assert one.plan.now["visitors"] == pytest.approx(300 + 29.4)


def test_limits_are_the_channels_at_theirs(tmp_path: Path) -> None:
    one = client(tmp_path, "landing_rate: 10%", "landing_rate: {now: 10%, best: 15%}")
    clicks = 500 * 9 ** np.log2(5 / 3)
    visitors = clicks + 400 + 0.1 * (clicks * 0.9 + 400 * 0.98)
    assert one.plan.ceilings["visitors"] == pytest.approx(visitors)
    assert one.plan.ceilings["lead_rate"] > one.plan.target["lead_rate"]
    free = client(tmp_path, ", best: 9_000", "")
    assert "visitors" not in free.plan.ceilings
    assert "lead_rate" not in free.plan.ceilings


def test_a_worse_mix_of_channels_is_no_limit_below_today(tmp_path: Path) -> None:
    """Articles grow eightfold at 2 %: together fewer visitors become leads than today."""
    one = client(
        tmp_path,
        "{now: 300, plan: 400}",
        "{now: 300, plan: 9_000}",
        "landing_rate: 10%",
        "landing_rate: {now: 10%, best: 10%}",
    )
    assert one.plan.target["lead_rate"] < one.plan.now["lead_rate"]
    assert one.plan.ceilings["lead_rate"] == one.plan.now["lead_rate"]


def test_counted_channels_are_the_evidence_of_the_owners_rate(tmp_path: Path) -> None:
    one = client(
        tmp_path,
        "landing_rate: 10%",
        "landing_rate: {now: {won: 50, of: 500}}",
        "landing_rate: 5%",
        "landing_rate: {now: {won: 4, of: 80}}",
    )
    known = one.evidence["lead_rate"]
    assert isinstance(known, Counts)
    assert known.of == 880.0
    assert known.value == pytest.approx(one.plan.now["lead_rate"])
    assert "lead_rate" not in client(tmp_path).evidence


def test_the_rest_is_read(tmp_path: Path) -> None:
    found = marketing(
        tmp_path,
        "  running:",
        "  target: {metric: drr, value: 15%}\n  tax: {on: turnover, rate: 6%}\n"
        "  instalments: {payment_delay: 5, share: 30%, months: 6, fee_rate: 4%}\n"
        "  whole: end\n  start: 2\n  source: ads\n  running:",
        "price: 2\n",
        "price: {now: {low: 1, likely: 2, high: 3}, assumed: true}\n      kind: context\n"
        "      audience: 9_000\n      frequency: 3\n      source: cabinet\n",
    )
    media = found.media
    assert found.target == Target(metric="drr", value=0.15)
    assert (media.company.tax_on, media.company.tax_rate) == ("turnover", 0.06)
    assert (media.payment.payment_delay, media.payment.months) == (5.0, 6.0)
    assert (media.whole, media.start) == ("end", 2)
    assert found.kinds == ("context", "other", "other")
    assert found.sources == ("cabinet", "ads", "ads")
    assert found.assumed == {"Search.price"}
    assert media.known["price"] == (Range(low=1.0, likely=2.0, high=3.0), None, None)
    assert found.audience[0] / found.frequency[0] == 3000.0


def test_december_has_its_days(tmp_path: Path) -> None:
    found = marketing(tmp_path, "month: 2026-10", "month: 2026-12")
    assert found.running is not None
    assert (found.running.offset, found.running.days) == (3, 31)


def test_a_file_without_channels_has_none(tmp_path: Path) -> None:
    text = MARKETED.split("marketing:")[0] + "  visitors: 1\n  lead_rate: 1\n"
    assert read_client(write(tmp_path, text)).marketing is None


# ---------------------------------------------------------------- what is accepted can be used


@given(whole_files(channels=True))
def test_what_is_accepted_can_be_worked_with(
    tmp_path_factory: pytest.TempPathFactory, file: dict[str, object]
) -> None:
    path = write(tmp_path_factory.getbasetemp(), as_yaml(file).lstrip())
    try:
        one = read_client(path)
    except ClientFileError:
        return
    assert one.marketing is not None
    media, plan = one.marketing.media, one.plan
    planned = media.planned(plan)
    brought = channel_levers(planned)
    assert {name: plan.target[name] for name in CHANNEL_LEVERS} == brought
    assert np.isfinite(list(brought.values())).all()
    total = float(planned.total.total_marketing)
    cost = brought["visitors"] * brought["cost_per_visitor"] + brought["marketing_fixed"]
    assert cost == pytest.approx(total, rel=1e-9)
    months = media.by_month(plan).total
    assert float(months.media[0]) == pytest.approx(float(media.today(plan).total.media))
    spend = spend_of(media, plan)
    if media.whole == "no":
        assert spend.leads == pytest.approx(float(planned.total.leads), rel=1e-9, abs=1e-9)
    assert np.isfinite(spend.frontier().leads).all()
    spend.least(spend.leads + 1)
    spend.best(1000.0)
    if one.marketing.target:
        price_permitted(media, plan, one.marketing.target)
    assert reconciled(media, plan, planned).leads == float(planned.total.leads)
    for case in Case:
        moved, other = case_of(case, media, plan, one.evidence)
        moved.planned(other)
    media.cash(planned)
    words = Words(language=one.language, currency=one.currency)
    for line in doubt_lines(doubts(one), one, load(path, "x"), words):
        assert not re.search(r"{\w*}|None|\bnan\b", line)
