"""What the first half of a log foretells of the second: the papers' numbers through a client."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy.special import hyp2f1

from funnelkit.plan.bgnbd import Bgnbd
from funnelkit.plan.clientele import Clientele
from funnelkit.plan.gammagamma import GammaGamma
from funnelkit.plan.habits import TOP, Habits
from funnelkit.plan.lifetime import Check, Fit, Lack, LifetimeError
from tests.plan.clients import shop, shop_habits
from tests.plan.test_clientele import of

HALF = int(np.datetime64("1997-09-30").astype(int))


def fitted(fit: object, model: type) -> Fit:
    assert isinstance(fit, Fit)
    assert isinstance(fit.model, model)
    return fit


def days_of_each() -> list[list[int]]:
    days = defaultdict(list)
    for client, day in zip(shop().orders.client.tolist(), shop().orders.day.tolist(), strict=True):
        days[client].append(day)
    return list(days.values())


def test_the_first_half_is_what_the_papers_fitted() -> None:
    """Fader, Hardie & Lee (2005), table 2; Fader & Hardie (2013), section 4."""
    half = shop_habits().half
    purchases = fitted(half.purchases, Bgnbd)
    names = ("r", "alpha", "a", "b")
    found = [float(getattr(purchases.model, name)) for name in names]
    assert found == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=0.0006)
    assert purchases.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    spend = fitted(half.spend, GammaGamma)
    found = [float(getattr(spend.model, name)) for name in ("p", "q", "v")]
    assert found == pytest.approx([6.25, 3.74, 15.44], abs=0.006)


def test_each_clients_second_half_is_foretold_by_equation_10() -> None:
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    predicted, made = 0.0, 0
    for days in days_of_each():
        before = [day for day in days if day <= HALF]
        made += len(days) - len(before)
        x, last = len(before) - 1, (before[-1] - before[0]) / 7
        age, t = (HALF - before[0]) / 7, (shop().end - HALF) / 7
        gone = (a / (b + x - 1)) * ((alpha + age) / (alpha + last)) ** (r + x) if x else 0.0
        series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
        fewer = 1 - ((alpha + age) / (alpha + age + t)) ** (r + x) * series
        predicted += (a + b + x - 1) / (a - 1) * fewer / (1 + gone)
    check = shop_habits().foretold()
    assert isinstance(check, Check)
    assert check.actual.sum() == made
    assert check.predicted.sum() == pytest.approx(predicted, rel=0.002)
    assert check.excess == pytest.approx(predicted / made - 1, abs=0.002)


def test_groups_by_repeats_are_means_of_their_clients() -> None:
    later = defaultdict(list)
    for days in days_of_each():
        before = sum(day <= HALF for day in days)
        later[min(before - 1, TOP)].append(len(days) - before)
    check = shop_habits().foretold_by_repeats()
    assert isinstance(check, Check)
    expected = [sum(later[n]) / len(later[n]) for n in range(TOP + 1)]
    assert check.actual == pytest.approx(expected)
    # the paper's figure 4: who bought more often in the first half does so in the second
    assert (np.diff(check.predicted) > 0).all()


def test_repeats_are_followed_week_by_week() -> None:
    check, weeks = shop_habits().tracked(), shop_habits().weeks
    assert isinstance(check, Check)
    start = np.datetime64("1997-01-01").astype(int)
    assert weeks.tolist() == [start + 7 * week + 6 for week in range(78)]
    repeats = [day for days in days_of_each() for day in days[1:]]
    for place in (0, 38, 77):
        assert check.actual[place] == sum(day <= weeks[place] for day in repeats)
    # the first half is what was fitted, and the end what was foretold
    assert check.predicted[38] == pytest.approx(check.actual[38], rel=0.03)
    assert check.predicted[77] == pytest.approx(check.actual[77], rel=0.05)


def test_clients_are_counted_by_their_repeats() -> None:
    counts = Counter(min(len(days) - 1, TOP) for days in days_of_each())
    check = shop_habits().counted()
    assert isinstance(check, Check)
    assert check.actual.tolist() == [counts[n] for n in range(TOP + 1)]
    assert check.predicted.sum() == pytest.approx(2357)


def test_clients_who_came_later_are_not_foretold() -> None:
    orders = shop().orders
    late = [f"late {number}" for number in range(50) for _day in range(2)]
    days = [HALF + 20 + 100 * day for _number in range(50) for day in range(2)]
    habits = Habits.of(
        Clientele.of(
            [*orders.clients[orders.client], *late],
            [*orders.day.tolist(), *days],
            [*orders.amount, *(9.0 for _ in late)],
            shop().end,
        )
    )
    assert habits.whole.buyers.repeats.size == 2357 + 50
    for name in ("foretold", "tracked"):
        among, alone = (getattr(one, name)() for one in (habits, shop_habits()))
        assert isinstance(among, Check)
        assert among.actual.tolist() == alone.actual.tolist()
        assert among.predicted == pytest.approx(alone.predicted)


def test_too_few_who_bought_again_are_said_and_not_fitted() -> None:
    log = "\n".join(f"{n} 2026-01-0{1 + n % 9} 10\n{n} 2026-0{2 + n % 8}-11 20" for n in range(39))
    habits = Habits.of(of(log, "2026-12-31"))
    for found in (habits.whole.purchases, habits.counted()):
        assert isinstance(found, LifetimeError)
        assert (found.lack, found.found) == (Lack.REPEATS, 39)
    for found in (habits.tracked(), habits.foretold(), habits.foretold_by_repeats()):
        assert isinstance(found, LifetimeError)


def test_clients_who_pay_nothing_say_nothing_of_what_is_spent() -> None:
    dice = np.random.default_rng(5)
    rows = []
    for client in range(400):
        scale = 0.0 if client < 300 else dice.gamma(6.0) * 5
        for day in np.sort(dice.integers(0, 300, 6)):
            paid = round(scale * dice.gamma(4.0) / 4, 2)
            rows.append(f"{client} {np.datetime64('2026-01-01') + int(day)} {paid}")
    fit = fitted(Habits.of(of("\n".join(rows), "2026-12-31")).whole.spend, GammaGamma)
    assert float(fit.model.mean) == pytest.approx(30, rel=0.1)
