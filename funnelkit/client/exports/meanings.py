"""What columns of exports mean, whatever the systems call them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["PEOPLE", "UNITS", "WHOLE", "Content", "Format", "Meaning", "System", "Unit"]


class System(StrEnum):
    """Where an export comes from."""

    YANDEX_DIRECT = "yandex_direct"
    YANDEX_METRICA = "yandex_metrica"
    VK_ADS = "vk_ads"
    GOOGLE_ADS = "google_ads"
    META_ADS = "meta_ads"
    GA4 = "ga4"
    AMOCRM = "amocrm"
    BITRIX24 = "bitrix24"
    HUBSPOT = "hubspot"
    OZON = "ozon_performance"
    YOOKASSA = "yookassa"
    SPEND = "spend"
    ORDERS = "orders"


class Content(StrEnum):
    """What a row of an export is."""

    SPEND = "spend"
    VISITS = "visits"
    DEALS = "deals"
    ORDERS = "orders"


class Unit(StrEnum):
    """How the cells of a column are read."""

    DAY = "day"
    TEXT = "text"
    NUMBER = "number"
    """Of something in the system: read as text, since ``007`` is not 7."""
    PERSON = "person"
    """A client: phones and e-mails become numbers in order of appearance."""
    COUNT = "count"
    MONEY = "money"
    CURRENCY = "currency"


class Meaning(StrEnum):
    """What a column means."""

    DAY = "day"
    BEGIN = "begin"
    END = "end"
    CREATED = "created"
    CLOSED = "closed"
    CAMPAIGN = "campaign"
    CAMPAIGN_NUMBER = "campaign_number"
    GROUP = "group"
    AD = "ad"
    CHANNEL = "channel"
    SOURCE = "source"
    UTM_SOURCE = "utm_source"
    UTM_MEDIUM = "utm_medium"
    UTM_CAMPAIGN = "utm_campaign"
    UTM_TERM = "utm_term"
    UTM_CONTENT = "utm_content"
    PRODUCT = "product"
    STAGE = "stage"
    PIPELINE = "pipeline"
    OWNER = "owner"
    NUMBER = "number"
    CUSTOMER = "customer"
    CURRENCY = "currency"
    IMPRESSIONS = "impressions"
    CLICKS = "clicks"
    REACH = "reach"
    VISITS = "visits"
    VISITORS = "visitors"
    VIEWS = "views"
    CONVERSIONS = "conversions"
    ORDERS = "orders"
    SPEND = "spend"
    VALUE = "value"
    AMOUNT = "amount"
    NET = "net"
    FEE = "fee"


_DAYS = (Meaning.DAY, Meaning.BEGIN, Meaning.END, Meaning.CREATED, Meaning.CLOSED)
_MONEY = (Meaning.SPEND, Meaning.VALUE, Meaning.AMOUNT, Meaning.NET, Meaning.FEE)

WHOLE = frozenset(
    {
        Meaning.IMPRESSIONS,
        Meaning.CLICKS,
        Meaning.REACH,
        Meaning.VISITS,
        Meaning.VISITORS,
        Meaning.VIEWS,
        Meaning.ORDERS,
    }
)
"""Counts without fractions; conversions are attributed to several clicks, in parts."""

PEOPLE = frozenset({Meaning.REACH, Meaning.VISITORS})
"""Counts that do not add up: the same person is met on several days."""

UNITS: Mapping[Meaning, Unit] = (
    dict.fromkeys(Meaning, Unit.TEXT)
    | dict.fromkeys(_DAYS, Unit.DAY)
    | dict.fromkeys((Meaning.NUMBER, Meaning.CAMPAIGN_NUMBER), Unit.NUMBER)
    | {Meaning.CUSTOMER: Unit.PERSON, Meaning.CURRENCY: Unit.CURRENCY}
    | dict.fromkeys((*WHOLE, Meaning.CONVERSIONS), Unit.COUNT)
    | dict.fromkeys(_MONEY, Unit.MONEY)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One form of one system's export.

    Headings are written as `funnelkit.client.exports.heading` leaves them: lower case, without
    currency and VAT.

    Attributes
    ----------
    system : System
    content : Content
    source : str
        Where the headings are documented.
    fields : mapping of Meaning to tuple of str
        Headings of what is read, in any language.
    needs : tuple of Meaning
        What must be there for the form to be recognised.
    telling : tuple of str
        Headings of which one must be there, since the others are everybody's; none for any.
    derived : tuple of str
        Headings of what is worked out from the others, and therefore never read.
    month_first : bool
        ``07/01/2026`` is the first of July, unless the file says otherwise.
    unique : bool
        Rows with the same number are the same thing.
    micros : bool
        Money may be in millionths.
    """

    system: System
    content: Content
    source: str
    fields: Mapping[Meaning, tuple[str, ...]]
    needs: tuple[Meaning, ...]
    telling: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    month_first: bool = False
    unique: bool = False
    micros: bool = False
