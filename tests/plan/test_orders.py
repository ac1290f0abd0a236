import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkit.plan.lifetime import Lack, LifetimeError
from funnelkit.plan.orders import Orders
from tests.plan.cdnow import END, HALF, cdnow, rows


def test_the_cdnow_sample_is_whole() -> None:
    orders = cdnow()
    assert (len(rows()), orders.clients.size) == (6919, 2357)
    assert orders.amount.sum() == pytest.approx(244_091.94, abs=1e-6)


def test_the_cdnow_summary_is_the_papers() -> None:
    """Fader, Hardie & Lee (2005), section 5: 39 weeks of 2,357 clients, 946 of them came again."""
    buyers = cdnow().until(HALF).buyers(HALF, 7.0)
    assert (buyers.repeats.size, int((buyers.repeats > 0).sum())) == (2357, 946)
    # the first client of the sample: repeats on 1997-01-18 and 1997-08-02 after 1997-01-01
    first = [float(getattr(buyers, name)[0]) for name in ("repeats", "last", "age", "spend")]
    assert first == pytest.approx([2, 213 / 7, 272 / 7, (29.73 + 14.96) / 2])


LOGS = st.lists(
    st.tuples(st.integers(-3, 6), st.integers(0, 40), st.integers(-500, 5000)), min_size=1
)


@given(LOGS, st.booleans(), st.sampled_from([1.0, 7.0]))
def test_a_summary_is_that_of_pandas(
    log: list[tuple[int, int, int]], named: bool, unit: float
) -> None:
    who, day, cents = (np.array(column) for column in zip(*log, strict=True))
    client = np.array([f"c{n}" for n in who]) if named else who
    orders = Orders.of(client, np.datetime64("2026-01-01") + day, cents / 100)
    start = int(np.datetime64("2026-01-01").astype(int))
    buyers = orders.buyers(start + 41, unit)

    frame = pd.DataFrame({"client": client, "day": day, "amount": cents / 100})
    daily = frame.groupby(["client", "day"], as_index=False)["amount"].sum()
    spans = daily.groupby("client")["day"].agg(["count", "min", "max"])
    assert orders.clients.tolist() == spans.index.tolist()
    assert buyers.repeats.tolist() == (spans["count"] - 1).tolist()
    np.testing.assert_allclose(buyers.last, (spans["max"] - spans["min"]) / unit)
    np.testing.assert_allclose(buyers.age, (41 - spans["min"]) / unit)
    later = daily[daily["day"] > daily.groupby("client")["day"].transform("min")]
    spend = later.groupby("client")["amount"].mean().reindex(spans.index)
    np.testing.assert_allclose(buyers.spend, spend, rtol=1e-12, atol=1e-9)
    assert (orders.first - start).tolist() == spans["min"].tolist()
    assert orders.amount.sum() == pytest.approx(cents.sum() / 100, abs=1e-9)


@given(LOGS, st.integers(0, 40))
def test_a_log_cut_is_the_log_of_what_came_before(
    log: list[tuple[int, int, int]], cut: int
) -> None:
    who, day, cents = (np.array(column) for column in zip(*log, strict=True))
    early = day <= cut
    whole = Orders.of(who, day, cents).until(cut)
    part = Orders.of(who[early], day[early], cents[early])
    for name in ("client", "day", "amount", "clients"):
        assert getattr(whole, name).tolist() == getattr(part, name).tolist()
    assert whole.buyers(cut).repeats.tolist() == part.buyers(cut).repeats.tolist()


def test_clients_numbered_far_apart_are_sorted() -> None:
    orders = Orders.of([10**15, 3, 10**15], [5, 6, 9], [1.0, 2.0, 4.0])
    assert orders.clients.tolist() == [3, 10**15]
    assert orders.buyers(10).last.tolist() == [0, 4]


@pytest.mark.parametrize(
    "clients",
    [
        np.array([100, -100] * 40, dtype=np.int8),
        np.array([2**64 - 1, 2**64 - 2], dtype=np.uint64),
        np.array([2**63 - 1, 2**63 - 2]),
    ],
)
def test_clients_numbered_to_the_end_of_their_type_keep_their_numbers(clients) -> None:
    orders = Orders.of(clients, np.arange(clients.size), np.ones(clients.size))
    assert orders.clients.tolist() == sorted({int(client) for client in clients})


def test_days_that_do_not_fit_beside_the_client_are_sorted_too() -> None:
    orders = Orders.of([2, 1, 2], [2**61, 0, 1], [1.0, 2.0, 4.0])
    assert orders.day.tolist() == [0, 1, 2**61]


@pytest.mark.parametrize(
    ("client", "day", "amount", "lack", "found"),
    [
        ([1, 2], [1], [1.0], Lack.SHAPE, 1),
        ([1, 2], [1, 1.5], [1.0, 2.0], Lack.RANGE, 1),
        ([1, 2], [1, np.nan], [1.0, 2.0], Lack.RANGE, 1),
        ([1, 2], np.array(["2026-01-01", "NaT"], dtype="datetime64[D]"), [1, 2], Lack.RANGE, 1),
        ([1, 2], [1, 2], [np.inf, 2.0], Lack.RANGE, 0),
    ],
)
def test_a_log_with_a_gap_is_refused_by_its_row(client, day, amount, lack, found) -> None:
    with pytest.raises(LifetimeError) as refused:
        Orders.of(client, day, amount)
    assert (refused.value.lack, refused.value.found) == (lack, found)


def test_a_purchase_after_the_end_is_refused() -> None:
    with pytest.raises(LifetimeError) as refused:
        cdnow().buyers(HALF)
    assert refused.value.lack is Lack.RANGE
    assert cdnow().buyers(END).repeats.sum() == cdnow().client.size - 2357


def test_no_orders_make_no_buyers() -> None:
    assert Orders.of([], [], []).buyers(5).repeats.size == 0
