"""Exports of CRM systems, a row being a deal."""

from funnelkit.client.exports.meanings import Content, Format, Meaning, System

__all__ = ["CRM"]

M = Meaning

_UTM = {
    M.UTM_SOURCE: ("utm_source",),
    M.UTM_MEDIUM: ("utm_medium",),
    M.UTM_CAMPAIGN: ("utm_campaign",),
    M.UTM_TERM: ("utm_term",),
    M.UTM_CONTENT: ("utm_content",),
}

CRM = (
    Format(
        system=System.AMOCRM,
        content=Content.DEALS,
        source="amocrm.ru/support/crm/import_export",
        fields={
            M.NUMBER: ("id",),
            M.AMOUNT: ("бюджет",),
            M.OWNER: ("ответственный",),
            M.CREATED: ("дата создания сделки", "дата создания"),
            M.CLOSED: ("дата закрытия",),
            M.STAGE: ("этап сделки",),
            M.PIPELINE: ("воронка",),
            M.CUSTOMER: ("полное имя контакта", "основной контакт"),
            M.SOURCE: ("источник",),
            M.PRODUCT: ("товар",),
            **_UTM,
        },
        needs=(M.NUMBER, M.STAGE, M.AMOUNT),
        telling=("этап сделки", "бюджет"),
        unique=True,
    ),
    Format(
        system=System.BITRIX24,
        content=Content.DEALS,
        source="helpdesk.bitrix24.ru/open/16398726",
        fields={
            M.NUMBER: ("id",),
            M.STAGE: ("стадия сделки", "стадия", "stage_id", "stage"),
            M.PIPELINE: ("воронка", "направление", "category_id", "category"),
            M.AMOUNT: ("сумма", "opportunity", "opportunity_account"),
            M.CURRENCY: ("валюта", "currency_id"),
            M.OWNER: ("ответственный", "assigned_by_id", "assigned_by"),
            M.CUSTOMER: ("контакт", "компания", "contact_id", "company_id"),
            M.SOURCE: ("источник", "source_id", "source"),
            M.CREATED: ("дата создания", "date_create"),
            M.CLOSED: ("дата закрытия", "closedate", "предполагаемая дата закрытия"),
            **_UTM,
        },
        needs=(M.NUMBER, M.STAGE, M.AMOUNT),
        telling=("стадия сделки", "стадия", "stage_id", "stage"),
        unique=True,
    ),
    Format(
        system=System.HUBSPOT,
        content=Content.DEALS,
        source="knowledge.hubspot.com/import-and-export/export-records",
        fields={
            M.NUMBER: ("record id",),
            M.STAGE: ("deal stage",),
            M.PIPELINE: ("pipeline",),
            M.AMOUNT: ("amount",),
            M.CURRENCY: ("currency",),
            M.OWNER: ("deal owner",),
            M.CUSTOMER: ("associated company", "associated contact"),
            M.SOURCE: ("original source", "original traffic source"),
            M.CREATED: ("create date",),
            M.CLOSED: ("close date",),
        },
        needs=(M.NUMBER, M.STAGE, M.AMOUNT),
        telling=("deal stage",),
        derived=("weighted amount", "deal probability", "amount in company currency"),
        month_first=True,
        unique=True,
    ),
)
"""Of two columns with one meaning the one named first is read, if the file has it."""
