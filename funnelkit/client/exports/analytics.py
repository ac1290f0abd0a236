"""Exports of web analytics, a row being the visits of a day or source."""

from funnelkit.client.exports.meanings import Content, Format, Meaning, System

__all__ = ["ANALYTICS"]

M = Meaning

ANALYTICS = (
    Format(
        system=System.YANDEX_METRICA,
        content=Content.VISITS,
        source="yandex.ru/support/metrica/ru/general/export",
        fields={
            M.DAY: (
                "интервал дат визита",
                "дата визита",
                "date interval",
                "date of visit",
                "период",
            ),
            M.SOURCE: ("источник трафика", "последний значимый источник", "traffic source"),
            M.UTM_SOURCE: ("utm source",),
            M.UTM_MEDIUM: ("utm medium",),
            M.UTM_CAMPAIGN: ("utm campaign",),
            M.UTM_TERM: ("utm term",),
            M.UTM_CONTENT: ("utm content",),
            M.VISITS: ("визиты", "sessions"),
            M.VISITORS: ("посетители", "users"),
            M.VIEWS: ("просмотры", "pageviews"),
            M.CONVERSIONS: ("достижения цели", "достижения любой цели", "целевые визиты"),
        },
        needs=(M.VISITS,),
        telling=(
            "визиты",
            "интервал дат визита",
            "отказы",
            "глубина просмотра",
            "доля новых посетителей",
            "page depth",
        ),
        derived=(
            "доля новых посетителей",
            "отказы",
            "глубина просмотра",
            "время на сайте",
            "роботность",
            "конверсия",
            "percentage of new users",
            "bounce rate",
            "page depth",
            "time on site",
        ),
    ),
    Format(
        system=System.YANDEX_METRICA,
        content=Content.SPEND,
        source="yandex.com/support/metrica/en/ad/data-format",
        fields={
            M.DAY: ("date",),
            M.UTM_SOURCE: ("utmsource",),
            M.UTM_MEDIUM: ("utmmedium",),
            M.UTM_CAMPAIGN: ("utmcampaign",),
            M.UTM_TERM: ("utmterm",),
            M.UTM_CONTENT: ("utmcontent",),
            M.SPEND: ("expenses",),
            M.CURRENCY: ("currency",),
            M.CLICKS: ("clicks",),
            M.SOURCE: ("trafficsource",),
        },
        needs=(M.DAY, M.UTM_SOURCE, M.SPEND),
        telling=("expenses",),
    ),
    Format(
        system=System.GA4,
        content=Content.VISITS,
        source="support.google.com/analytics/answer/9317657",
        fields={
            M.DAY: ("date", "дата"),
            M.CHANNEL: (
                "session default channel group",
                "session primary channel group (default channel group)",
                "first user default channel group",
            ),
            M.SOURCE: ("session source / medium", "session source/medium"),
            M.CAMPAIGN: ("session campaign",),
            M.VISITS: ("sessions",),
            M.VISITORS: ("total users", "active users"),
            M.VIEWS: ("views",),
            M.CONVERSIONS: ("key events", "conversions"),
            M.VALUE: ("total revenue",),
        },
        needs=(M.VISITS,),
        telling=(
            "session default channel group",
            "session primary channel group (default channel group)",
            "session source / medium",
            "session source/medium",
            "session campaign",
            "engaged sessions",
            "key events",
        ),
        derived=(
            "new users",
            "engaged sessions",
            "engagement rate",
            "event count",
            "events per session",
            "average engagement time per session",
            "session key event rate",
            "bounce rate",
        ),
    ),
)
