"""What clients are worth: the papers' formulas once more, by scipy and plain sums."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import hyp2f1

from funnelkit.plan.bgnbd import fit_bgnbd
from funnelkit.plan.estimate import Estimate
from funnelkit.plan.gammagamma import fit_gammagamma
from funnelkit.plan.habits import Habits
from funnelkit.plan.lifetime import Fit, Lack, LifetimeError
from funnelkit.plan.orders import Buyers
from funnelkit.plan.worth import Worth, new_worth, worth_of
from tests.plan.clients import contract_rows, contracts, shop_habits
from tests.plan.test_clientele import of

HORIZONS = (3, 6, 12, 24)
PERIOD = 365.25 / 12 / 7
"""Weeks of a month."""


def worth(found, **terms) -> Worth:
    values = {"horizons": HORIZONS, "chosen": 12} | terms
    reckoned = worth_of(found, **values)
    assert isinstance(reckoned, Worth)
    return reckoned


def parameters(fit: object, names: str) -> list[float]:
    assert isinstance(fit, Fit)
    return [float(getattr(fit.model, name)) for name in names.split()]


def shop_models() -> tuple[list[float], list[float]]:
    whole = shop_habits().whole
    return parameters(whole.purchases, "r alpha a b"), parameters(whole.spend, "p q v")


def new_purchases(t: float) -> float:
    """Equation 9."""
    (r, alpha, a, b), _spend = shop_models()
    if not t:
        return 0.0
    series = hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + t)) ** r * series)


@pytest.mark.parametrize(("discount", "margin"), [(0.0, 1.0), (0.02, 0.25)])
def test_a_new_client_brings_his_first_purchase_and_those_to_come(
    discount: float, margin: float
) -> None:
    p, q, v = shop_models()[1]
    mean = p * v / (q - 1)
    first = float(shop_habits().clientele.orders.first_amount.mean())
    found = worth(shop_habits(), discount=discount, margin=margin).new
    for months in (0, 1, 12, 24):
        later = sum(
            (new_purchases(PERIOD * month) - new_purchases(PERIOD * (month - 1)))
            * mean
            / (1 + discount) ** month
            for month in range(1, months + 1)
        )
        assert found.value[months] == pytest.approx(margin * (first + later), rel=1e-6)


def each_by_hand(t: float) -> tuple[np.ndarray, np.ndarray]:
    """Each client's purchases by equation 10, and what a purchase of his will bring."""
    (r, alpha, a, b), (p, q, v) = shop_models()
    who = shop_habits().whole.buyers
    x, last, age = who.repeats, who.last, who.age
    again = x > 0
    gone = np.where(
        again, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + last)) ** (r + x), 0.0
    )
    series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    fewer = 1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * series
    bought = (a + b + x - 1) / (a - 1) * fewer / (1 + gone)
    spend = np.where(again, who.spend, 0.0)
    return bought, p * (v + x * spend) / (p * x + q - 1)


def test_present_clients_bring_their_purchases_times_their_spend() -> None:
    found = worth(shop_habits(), margin=0.25)
    for place, months in enumerate(HORIZONS):
        bought, mean = each_by_hand(PERIOD * months)
        assert found.purchases.value[place] == pytest.approx(bought.sum(), rel=1e-6)
        assert found.value.value[place] == pytest.approx(0.25 * bought @ mean, rel=1e-6)
    bought, mean = each_by_hand(PERIOD * 12)
    assert found.each_purchases == pytest.approx(bought, rel=1e-6)
    assert found.each == pytest.approx(0.25 * bought * mean, rel=1e-6)


def test_what_comes_later_is_worth_less() -> None:
    plain, found = worth(shop_habits()), worth(shop_habits(), discount=0.03)
    steps = [np.zeros(2357)]
    total = 0.0
    for month in range(1, 13):
        bought, mean = each_by_hand(PERIOD * month)
        total += float((bought * mean).sum() - steps[-1].sum()) / 1.03**month
        steps.append(bought * mean)
    assert found.value.value[2] == pytest.approx(total, rel=1e-6)
    assert found.each.sum() == pytest.approx(total, rel=1e-6)
    # purchases are counted, not discounted
    assert found.purchases.value == pytest.approx(plain.purchases.value)


@pytest.mark.stress
def test_the_intervals_are_those_of_fits_to_resampled_clients() -> None:
    """The bootstrap that they stand in for; 30 samples know a spread to an eighth or so."""
    who, orders = shop_habits().whole.buyers, shop_habits().clientele.orders
    dice, new, total = np.random.default_rng(8), [], []
    for _ in range(30):
        place = dice.integers(0, 2357, 2357)
        some = Buyers(
            repeats=who.repeats[place],
            last=who.last[place],
            age=who.age[place],
            spend=who.spend[place],
        )
        buying, spending = fit_bgnbd(some).model, fit_gammagamma(some).model
        paid = float(buying.new_purchases(PERIOD * 12)) * float(spending.mean)
        new.append(orders.first_amount[place].mean() + paid)
        total.append(float((buying.purchases(who, PERIOD * 12) * spending.expected(who)).sum()))
    found = worth(shop_habits())
    spread = (found.new.high[12] - found.new.low[12]) / (2 * 1.96)
    assert 0.6 < spread / np.std(new, ddof=1) < 1.5
    spread = (found.value.high[2] - found.value.low[2]) / (2 * 1.96)
    assert 0.6 < spread / np.std(total, ddof=1) < 1.5


def test_intervals_hold_their_value_and_widen() -> None:
    found = worth(shop_habits())
    for estimate in (found.new, found.purchases, found.value):
        assert (estimate.low < estimate.value).all()
        assert (estimate.value < estimate.high).all()
        assert (np.diff(estimate.high - estimate.low) > 0).all()


def test_the_same_log_gives_the_same_numbers() -> None:
    one, other = worth(shop_habits()), worth(shop_habits())
    assert one.new.low.tolist() == other.new.low.tolist()
    assert one.value.high.tolist() == other.value.high.tolist()


def test_a_horizon_is_the_same_beside_others() -> None:
    alone = worth(shop_habits(), horizons=(12,))
    among = worth(shop_habits(), horizons=(1, 12, 30))
    assert alone.value.value[0] == pytest.approx(among.value.value[1], rel=1e-12)
    assert alone.new.value == pytest.approx(among.new.value[:13], rel=1e-12)


def test_what_is_paid_back_is_taken_off() -> None:
    kept = shop_habits().clientele
    bought = float(kept.orders.amount.sum())
    clientele = replace(kept, returns=1, returned=0.1 * bought)
    some = Habits(clientele=clientele, half=shop_habits().half, whole=shop_habits().whole)
    plain, found = worth(shop_habits()), worth(some)
    assert found.each == pytest.approx(0.9 * plain.each)
    assert found.new.value == pytest.approx(0.9 * plain.new.value)


def survival(done: int, further: int) -> float:
    """Equation 8 of Fader & Hardie (2007), multiplied up."""
    alpha, beta = parameters(contracts().whole, "alpha beta")
    left = 1.0
    for n in range(done, done + further):
        left *= (beta + n) / (alpha + beta + n)
    return left


def standing_by_hand() -> dict[str, tuple[bool, int, float]]:
    """Each client's last month, renewals made if still there, and fee, from the rows."""
    months, fee = defaultdict(list), {}
    for client, day, amount in contract_rows():
        months[client].append(12 * int(day[:4]) + int(day[5:7]))
        fee[client] = amount
    end = 12 * 2026 + 6
    return {client: (own[-1] == end, end - own[0], fee[client]) for client, own in months.items()}


def test_clients_with_a_contract_are_worth_their_renewals() -> None:
    found = worth(contracts(), margin=0.5, discount=0.01)
    for place, months in enumerate(HORIZONS):
        renewals = value = 0.0
        for there, done, fee in standing_by_hand().values():
            if there:
                chances = [survival(done, month) for month in range(1, months + 1)]
                renewals += sum(chances)
                value += fee * sum(c / 1.01**n for n, c in enumerate(chances, start=1))
        assert found.purchases.value[place] == pytest.approx(renewals, rel=1e-9)
        assert found.value.value[place] == pytest.approx(0.5 * value, rel=0.01)
    assert found.there.sum() == sum(there for there, _done, _fee in standing_by_hand().values())
    assert (found.each[found.there == 0] == 0).all()


def test_a_new_client_with_a_contract_pays_at_once_and_at_each_renewal() -> None:
    found = worth(contracts(), discount=0.01).new
    first = float(contracts().clientele.orders.first_amount.mean())
    fee = contracts().standing.mean_fee
    for months in (0, 1, 12):
        later = sum(survival(0, month) / 1.01**month for month in range(1, months + 1))
        assert found.value[months] == pytest.approx(first + fee * later, rel=1e-9)
    assert (found.low[1:] < found.value[1:]).all()
    assert (found.value[1:] < found.high[1:]).all()


def test_without_a_fit_the_reason_is_returned() -> None:
    log = "\n".join(f"{n} 2026-01-05 10\n{n} 2026-05-11 {20 + n}" for n in range(35))
    reason = worth_of(Habits.of(of(log, "2026-12-31")), horizons=(12,), chosen=12)
    assert isinstance(reason, LifetimeError)
    assert reason.lack is Lack.REPEATS


@pytest.mark.parametrize("name", ["shop", "contracts"])
def test_a_new_clients_worth_alone_is_that_of_the_whole(name: str) -> None:
    found = shop_habits() if name == "shop" else contracts()
    whole = worth(found, discount=0.01, margin=0.4).new
    alone = new_worth(found.clientele, months=24, discount=0.01, margin=0.4)
    assert isinstance(alone, Estimate)
    for end in ("value", "low", "high"):
        assert getattr(alone, end).tolist() == getattr(whole, end).tolist()
