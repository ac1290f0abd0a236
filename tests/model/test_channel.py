import pytest

from funnelkit.model.channel import Channel, Market, Recovery


def test_a_channel_has_what_stands_behind_its_first_count() -> None:
    market = Market(
        channels=(
            Channel(name="search"),
            Channel(name="seo", first="clicks"),
            Channel(name="partners", first="leads", buying="leads"),
        )
    )
    assert market.has("impressions").tolist() == [True, False, False]
    assert market.has("clicks").tolist() == [True, True, False]
    assert market.has("leads").all()
    assert market.rates == ("ctr", "landing_rate", "order_rate")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            {"buying": "order"},
            "buying of 'x' must be one of impressions, clicks, leads, got 'order'",
        ),
        ({"first": "orders"}, "first of 'x' must be one of impressions, clicks, leads"),
        ({"first": "leads"}, "buying of 'x' must be one of leads, got 'clicks'"),
    ],
)
def test_an_unknown_unit_is_refused(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Channel(name="x", **wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"of": "clients"}, "recovery 'x' of must be one of visitors, leads, got 'clients'"),
        ({"share": 1.5}, "share of recovery 'x' must be from 0 to 1, got 1.5"),
        ({"delay": -1}, "delay of recovery 'x' must be 0 or more, got -1"),
    ],
)
def test_a_recovery_needs_a_source_a_share_and_a_delay(
    wrong: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Recovery(**({"channel": "x", "of": "leads", "share": 0.1} | wrong))


A, B = Channel(name="a"), Channel(name="b", buying="leads", first="leads")


@pytest.mark.parametrize(
    ("market", "message"),
    [
        ({"channels": ()}, "channels must name at least one"),
        ({"channels": (A, B, A)}, "channels: 'a' is listed twice"),
        ({"stages": ("won", "won")}, "counts and stages: 'won' is listed twice"),
        ({"stages": ("ctr",)}, "counts and stages: 'ctr' is listed twice"),
        ({"stages": ("orders",)}, "counts and stages: 'orders' is listed twice"),
        (
            {"channels": (Channel(name="c", skips=("won",)),)},
            "skips of 'c' must be one of order_rate, got 'won'",
        ),
        (
            {"recoveries": (Recovery(channel="c", of="leads", share=0.1),)},
            "channel of a recovery must be one of a, b, got 'c'",
        ),
        (
            {"recoveries": (Recovery(channel="b", of="visitors", share=0.1),)},
            "'b' has no clicks for visitors",
        ),
        (
            {"recoveries": (Recovery(channel="b", of="leads", share=0.1),) * 2},
            "recoveries: 'b' is listed twice",
        ),
    ],
)
def test_a_contradictory_market_is_refused(market: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Market(**({"channels": (A, B)} | market))
