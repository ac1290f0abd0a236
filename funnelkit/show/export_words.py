"""Names of systems, columns and dropped rows of exports, as message ids."""

from types import MappingProxyType

from funnelkit.client.exports.meanings import Content, Meaning, System
from funnelkit.client.exports.problems import Drop
from funnelkit.model.levers import message as _

__all__ = ["CONTENTS", "DROPS", "MEANINGS", "SYSTEMS"]

SYSTEMS = MappingProxyType(
    {
        System.YANDEX_DIRECT: _("Yandex Direct"),
        System.YANDEX_METRICA: _("Yandex Metrica"),
        System.VK_ADS: _("VK Ads"),
        System.GOOGLE_ADS: _("Google Ads"),
        System.META_ADS: _("Meta Ads"),
        System.GA4: _("Google Analytics 4"),
        System.AMOCRM: _("amoCRM"),
        System.BITRIX24: _("Bitrix24"),
        System.HUBSPOT: _("HubSpot"),
        System.OZON: _("Ozon Performance"),
        System.YOOKASSA: _("YooKassa"),
        System.SPEND: _("a table of your own"),
        System.ORDERS: _("a table of your own"),
    }
)

CONTENTS = MappingProxyType(
    {
        Content.SPEND: _("advertising spend"),
        Content.VISITS: _("visits of the site"),
        Content.DEALS: _("deals"),
        Content.ORDERS: _("orders and payments"),
    }
)

DROPS = MappingProxyType(
    {
        Drop.BLANK: _("empty"),
        Drop.TOTAL: _("rows of totals"),
        Drop.FOOTER: _("text below the table"),
        Drop.TWICE: _("the same deal or payment again"),
        Drop.MERGED: _("added to another row of the same campaign and day"),
    }
)

MEANINGS = MappingProxyType(
    {
        Meaning.DAY: _("day"),
        Meaning.BEGIN: _("first day"),
        Meaning.END: _("last day"),
        Meaning.CREATED: _("created on"),
        Meaning.CLOSED: _("closed on"),
        Meaning.CAMPAIGN: _("campaign"),
        Meaning.CAMPAIGN_NUMBER: _("campaign's number"),
        Meaning.GROUP: _("group of ads"),
        Meaning.AD: _("ad"),
        Meaning.CHANNEL: _("channel"),
        Meaning.SOURCE: _("source"),
        Meaning.UTM_SOURCE: _("source of the link (utm_source)"),
        Meaning.UTM_MEDIUM: _("medium of the link (utm_medium)"),
        Meaning.UTM_CAMPAIGN: _("campaign of the link (utm_campaign)"),
        Meaning.UTM_TERM: _("keyword of the link (utm_term)"),
        Meaning.UTM_CONTENT: _("ad of the link (utm_content)"),
        Meaning.PRODUCT: _("product"),
        Meaning.STAGE: _("stage of the deal"),
        Meaning.PIPELINE: _("pipeline"),
        Meaning.OWNER: _("manager"),
        Meaning.NUMBER: _("number"),
        Meaning.CUSTOMER: _("client"),
        Meaning.CURRENCY: _("currency"),
        Meaning.IMPRESSIONS: _("impressions"),
        Meaning.CLICKS: _("clicks"),
        Meaning.REACH: _("people reached"),
        Meaning.VISITS: _("visits"),
        Meaning.VISITORS: _("visitors"),
        Meaning.VIEWS: _("page views"),
        Meaning.CONVERSIONS: _("conversions"),
        Meaning.ORDERS: _("orders"),
        Meaning.SPEND: _("spend"),
        Meaning.VALUE: _("revenue that the system ascribes to itself"),
        Meaning.AMOUNT: _("sum"),
        Meaning.NET: _("sum less fee"),
        Meaning.FEE: _("fee"),
    }
)
