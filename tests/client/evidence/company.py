"""A company made up with known truth: its exports in the systems' real shapes, and who did what."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

FIRST, LAST = date(2026, 1, 1), date(2026, 9, 30)
CAMPAIGNS = (("Кухни Поиск", "71234567", 40, 60.0), ("Кухни РСЯ", "71234568", 90, 11.5))
SOURCES = (
    ("yandex", "cpc", "71234567", ""),
    ("yandex", "cpc", "71234568", ""),
    ("yandex", "organic", "", ""),
    ("", "", "", "Авито"),
    ("", "", "", ""),
)
STAGES = ("Новая заявка", "Замер", "Успешно реализовано", "Закрыто и не реализовано", "Отказ")
HEADINGS = (
    '"ID","Название сделки","Бюджет","Ответственный","Дата создания сделки","Дата закрытия",'
    '"Этап сделки","Воронка","Полное имя контакта","Рабочий телефон","Источник","utm_source",'
    '"utm_medium","utm_campaign"'
)


@dataclass
class Deal:
    number: int
    created: date
    closed: date | None
    stage: str
    amount: float
    client: str
    source: tuple[str, str, str, str]


@dataclass
class Company:
    deals: list[Deal] = field(default_factory=list)
    orders: list[tuple[str, date, float]] = field(default_factory=list)
    spend: list[tuple[date, int, int, int, float]] = field(default_factory=list)


def ru(value: float) -> str:
    """1234.5 as a Russian system writes it."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",")


def made_up(seed: int = 1) -> Company:
    """Spend brings leads, leads become deals and clients, clients buy again and get money back."""
    chance = random.Random(seed)
    company, number = Company(), 30_000_000
    clients: list[tuple[str, date]] = []
    day = FIRST
    while day <= LAST:
        for place, (_name, _number, clicks, price) in enumerate(CAMPAIGNS):
            bought = chance.randint(clicks // 2, clicks)
            cost = round(bought * price * chance.uniform(0.8, 1.2), 2)
            company.spend.append((day, place, bought * chance.randint(20, 90), bought, cost))
        for _ in range(chance.randint(0, 4)):
            number += 1
            fate, closed = chance.random(), day + timedelta(days=chance.randint(0, 75))
            stage = STAGES[2] if fate < 0.3 else chance.choice(STAGES[3:])
            if closed > LAST:
                stage, closed = chance.choice(STAGES[:2]), None
            client = f"Клиент {number}"
            amount = round(chance.uniform(20_000, 90_000), 2)
            deal = Deal(number, day, closed, stage, amount, client, chance.choice(SOURCES))
            company.deals.append(deal)
            if stage == STAGES[2] and closed:
                clients.append((client, closed))
                company.orders.append((client, closed, amount))
                if chance.random() < 0.1 and closed + timedelta(days=5) <= LAST:
                    company.orders.append((client, closed + timedelta(days=5), -amount / 4))
        for client, since in clients:
            if since < day and chance.random() < 0.008:
                company.orders.append((client, day, round(chance.uniform(1_000, 9_000), 2)))
        day += timedelta(days=1)
    return company


def amocrm(deals: list[Deal]) -> bytes:
    rows = [HEADINGS]
    for deal in deals:
        utm_source, medium, campaign, source = deal.source
        closed = f"{deal.closed:%d.%m.%Y} 18:00:00" if deal.closed else "не закрыта"
        created = f"{deal.created:%d.%m.%Y} 10:12:44"
        cells = (deal.number, "Кухня", ru(deal.amount), "Анна", created, closed, deal.stage)
        more = ("Продажи", deal.client, "'+79990000001", source, utm_source, medium, campaign)
        rows.append(",".join(f'"{cell}"' for cell in (*cells, *more)))
    return ("\n".join(rows) + "\n").encode()


def direct(spend: list[tuple[date, int, int, int, float]]) -> bytes:
    head = "Отчёт «2026»\nКлиент: kitchens\nПериод: 01.01.2026 - 30.09.2026\n\n"
    rows = ["Дата;Кампания;№ Кампании;Показы;Клики;Расход (руб.);CTR (%)"]
    for day, place, impressions, clicks, cost in spend:
        name, number, *_ = CAMPAIGNS[place]
        rows.append(f"{day:%d.%m.%Y};{name};{number};{impressions};{clicks};{ru(cost)};1,00")
    total = sum(row[4] for row in spend)
    rows.append(f"Итого;;;{sum(r[2] for r in spend)};{sum(r[3] for r in spend)};{ru(total)};")
    return (head + "\n".join(rows) + "\n").encode("cp1251")


def orders(sold: list[tuple[str, date, float]]) -> bytes:
    rows = ["Клиент;Дата оплаты;Сумма"]
    rows += [f"{client};{day:%d.%m.%Y};{ru(amount)}" for client, day, amount in sold]
    return ("\n".join(rows) + "\n").encode("utf-8-sig")


CLIENT = """\
title: Кухни
language: ru
currency: RUB
goal: {month: 2026-09, months: 3, a: measured, b: 90_000_000}
levers:
  win_rate: {now: measured, plan: 40%}
exports:
  stages: {lost: [Отказ], qualified: [Замер, Отказ]}
"""


def keep(folder: Path, company: Company, client: str = CLIENT) -> Path:
    """Write a client's folder; return its file."""
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    for name, data in (
        ("сделки.csv", amocrm(company.deals)),
        ("direct.csv", direct(company.spend)),
        ("orders.csv", orders(company.orders)),
    ):
        (folder / "exports" / name).write_bytes(data)
    file = folder / "client.yaml"
    file.write_text(client, encoding="utf-8")
    return file
