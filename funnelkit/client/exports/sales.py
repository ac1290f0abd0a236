"""Exports of payments, and the plain tables of orders and spend that people make themselves."""

from funnelkit.client.exports.meanings import Content, Format, Meaning, System

__all__ = ["PLAIN", "SALES"]

M = Meaning

SALES = (
    Format(
        system=System.YOOKASSA,
        content=Content.ORDERS,
        source="yookassa.ru/docs/support/payments/registers",
        fields={
            M.NUMBER: ("идентификатор платежа",),
            M.AMOUNT: ("сумма платежа",),
            M.CURRENCY: ("валюта платежа",),
            M.NET: ("сумма за вычетом комиссии и ндс", "сумма за вычетом комиссии"),
            M.FEE: ("сумма комиссии",),
            M.DAY: ("время платежа", "дата платежа"),
        },
        needs=(M.NUMBER, M.AMOUNT, M.DAY),
        telling=("идентификатор платежа",),
        unique=True,
    ),
)

PLAIN = (
    Format(
        system=System.ORDERS,
        content=Content.ORDERS,
        source="the workbook's own form: client, day, amount",
        fields={
            M.CUSTOMER: (
                "customer_id",
                "customer id",
                "customer",
                "client_id",
                "client",
                "user_id",
                "клиент",
                "id клиента",
                "покупатель",
                "контрагент",
            ),
            M.DAY: (
                "date",
                "day",
                "order_date",
                "order date",
                "дата",
                "дата заказа",
                "дата оплаты",
                "дата продажи",
            ),
            M.AMOUNT: (
                "amount",
                "revenue",
                "sum",
                "total",
                "сумма",
                "сумма заказа",
                "сумма оплаты",
                "выручка",
            ),
            M.NUMBER: ("order_id", "order id", "номер заказа", "№ заказа", "заказ"),
            M.PRODUCT: ("product", "товар", "продукт", "услуга"),
            M.CHANNEL: ("channel", "канал"),
            M.SOURCE: ("source", "источник"),
            M.CURRENCY: ("currency", "валюта"),
            M.UTM_SOURCE: ("utm_source",),
            M.UTM_MEDIUM: ("utm_medium",),
            M.UTM_CAMPAIGN: ("utm_campaign",),
        },
        needs=(M.CUSTOMER, M.DAY, M.AMOUNT),
    ),
    Format(
        system=System.SPEND,
        content=Content.SPEND,
        source="the workbook's own form, and fivetran.com/docs/transformations ad_reporting",
        fields={
            M.DAY: ("date", "day", "date_day", "дата", "день", "месяц", "month"),
            M.CHANNEL: ("channel", "platform", "канал", "площадка", "источник", "source"),
            M.CAMPAIGN: ("campaign", "campaign_name", "кампания"),
            M.CAMPAIGN_NUMBER: ("campaign_id",),
            M.GROUP: ("ad_group_name",),
            M.AD: ("ad_name",),
            M.IMPRESSIONS: ("impressions", "показы"),
            M.CLICKS: ("clicks", "клики"),
            M.CONVERSIONS: ("conversions", "leads", "конверсии", "лиды", "заявки"),
            M.VALUE: ("conversions_value",),
            M.SPEND: ("spend", "cost", "расход", "расходы", "затраты", "бюджет", "потрачено"),
            M.CURRENCY: ("currency", "валюта"),
        },
        needs=(M.DAY, M.SPEND),
        derived=("ctr", "cpc", "cpl", "cpm", "cpa"),
    ),
)
"""Taken only where no system's form fits."""
