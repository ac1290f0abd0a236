"""One export of every system in its real shape, with invented figures, and what it adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZipFile

from funnelkit.client.exports.grid import Grid
from funnelkit.client.exports.meanings import Content, Meaning, System
from funnelkit.client.exports.problems import Drop

M = Meaning
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, kw_only=True)
class Sample:
    data: bytes
    system: System
    content: Content
    rows: int
    totals: Mapping[Meaning, float]
    currency: str = ""
    period: tuple[date, date] | None = None
    dropped: Mapping[Drop, int] = field(default_factory=dict)


def cells(grid: Grid) -> list[list[object]]:
    """Cells of a grid, row by row."""
    return [[column.at(row) for column in grid.columns] for row in range(len(grid.lines))]


def workbook(rows: list[list[object]], sheet: str = "Sheet1") -> bytes:
    """The least that is a workbook; days are numbers in a style of days."""

    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        if isinstance(value, datetime | date):
            serial = (value - type(value)(1899, 12, 30)).total_seconds() / 86_400
            return f'<c s="1"><v>{serial}</v></c>'
        return "<c/>" if value is None else f"<c><v>{value!r}</v></c>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        f'"/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName='
        f'"/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/><Override PartName='
        f'"/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{links}"><Relationship Id="a" Type='
        f'"{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name='
        f'"{escape(sheet)}" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{links}"><Relationship Id="a" Type='
        f'"{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type='
        f'"{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>'
        "</worksheet>",
    }
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        for name, text in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return packed.getvalue()


DIRECT = """\
Отчёт «Июль»
Клиент: horns-and-hooves
Период: 01.07.2026 - 31.07.2026

Дата;Кампания;№ Кампании;Группа;№ Группы;№ Объявления;Условие показа;Показы;Клики;CTR (%);\
Расход (руб.);Ср. цена клика (руб.);Отказы (%);Конверсии
01.07.2026;Кухни Поиск;71234567;кухни;501;M-12345678901;кухня на заказ;1 240;62;5,00;\
3 410,55;55,01;12,50;4
01.07.2026;Кухни РСЯ;71234568;шкафы;502;M-12345678902;---autotargeting;18 300;97;0,53;\
1 204,10;12,41;31,00;-
02.07.2026;Кухни Поиск;71234567;кухни;501;M-12345678901;кухня на заказ;1 105;58;5,25;\
3 190,00;55,00;10,34;3
Итого;;;;;;;20 645;217;1,05;7 804,65;35,97;;7
"""

DIRECT_API = """\
"July (2026-07-01 - 2026-07-02)"
Date\tCampaignId\tCampaignName\tImpressions\tClicks\tCost\tCtr\tAvgCpc\tConversions
2026-07-01\t71234567\tКухни "Поиск"\t1240\t62\t3410.55\t5.00\t55.01\t4
2026-07-01\t71234568\tКухни РСЯ\t18300\t97\t1204.10\t0.53\t12.41\t--
2026-07-02\t71234567\tКухни "Поиск"\t1105\t58\t3190.00\t5.25\t55.00\t3
Total rows: 3
"""

METRICA = """\
"Интервал дат визита","Визиты","Посетители","Просмотры","Доля новых посетителей","Отказы",\
"Глубина просмотра","Время на сайте"
"Итого и средние","1530","1204","4002","0.71","0.17","2.61","00:02:31"
"2026-07-01","730","650","1902","0.7","0.17","2.6","00:03:45"
"2026-07-02","800","690","2100","0.72","0.18","2.63","00:01:25"
"""

EXPENSES = """\
Date,UTMSource,UTMMedium,UTMCampaign,Expenses,Currency,Clicks
2026-07-01,vk,cpc,kitchens,1204.55,RUB,40
2026-07-01/2026-07-07,telegram,post,kitchens,15000,RUB,310
"""

AMOCRM = """\
"ID","Название сделки","Бюджет","Ответственный","Дата создания сделки","Дата закрытия","Теги",\
"Примечание","Этап сделки","Воронка","Полное имя контакта","Рабочий телефон","Рабочий email",\
"Источник","Товар","Товар","utm_source","utm_medium","roistat","roistat"
"30000101","Кухня 3 м","180000","Анна","01.07.2026 10:12:44","09.07.2026 18:00:00","кухни",\
"Звонили дважды;
просит ""скидку"" опять","Успешно реализовано","Продажи","Иван Петров","'+79990000001",\
"ivan@example.org","Сайт","","Кухня","yandex","cpc","1","2"
"30000102","Шкаф","64500,50","Олег","02.07.2026 11:00:00","не закрыта","","","Замер","Продажи",\
"Ольга","","olga@example.org","","Шкаф","","vk","cpc","",""
"30000103","Звонок","0","Олег","03.07.2026 09:30:00","04.07.2026 10:00:00","","",\
"Закрыто и не реализовано","Продажи","+7 999 000-00-03","","","Авито","","","","","",""
"""

BITRIX = """\
ID;Название сделки;Стадия сделки;Воронка;Сумма;Валюта;Ответственный;Компания;Источник;\
Дата создания;UTM_SOURCE;UTM_CAMPAIGN
501;Ремонт;Сделка успешна;Общая;125 000.00;RUB;Анна;ООО Ромашка;Веб-сайт;\
01.07.2026 12:30:00;yandex;remont
502;Монтаж;В работе;Общая;40 000.50;RUB;Анна;ИП Лютик;Звонок;02.07.2026 09:00:00;;
"""

BITRIX_PAGE = """\
<html><head><meta charset="utf-8"></head><body><table border="1"><thead><tr><th>ID</th>
<th>Стадия сделки</th><th>Сумма</th><th>Валюта</th><th>Дата создания</th></tr></thead><tbody>
<tr><td>501</td><td>Сделка &laquo;успешна&raquo;</td><td>125000.00</td><td>руб.</td>
<td>01.07.2026</td></tr>
<tr><td>502</td><td>В работе</td><td>40000.50</td><td>руб.</td><td>02.07.2026</td></tr>
</tbody></table></body></html>
"""

VK = [
    ["Статистика за 01.07.2026 - 02.07.2026"],
    [],
    [
        *("ID кампании", "Название", "ID объявления", "Показы", "Клики", "eCPC, ₽"),
        *("Результат", "Цена за результат, ₽", "Потрачено всего, ₽"),
    ],
    [901.0, "Кухни", 9011.0, 12000.0, 80.0, 15.5, 4.0, 310.0, 1240.0],
    [901.0, "Кухни", 9012.0, 8000.0, 41.0, 20.0, None, None, 820.25],
    ["Итого", None, None, 20000.0, 121.0, 17.0, 4.0, 515.06, 2060.25],
]

GOOGLE = [
    ["Campaign report"],
    ["July 1, 2026 - July 2, 2026"],
    [
        *("Day", "Campaign", "Currency code", "Impr.", "Clicks", "Cost", "Avg. CPC", "CTR"),
        *("Conversions", "Cost / conv.", "Conv. value"),
    ],
    [date(2026, 7, 1), "Search, brand", "USD", 1240.0, 62.0, 341.05, 5.5, 0.05, 3.5, 97.4, 900.0],
    [date(2026, 7, 2), "Search, brand", "USD", 1105.0, 58.0, 319.0, 5.5, 0.05, 2.0, 159.5, 410.5],
    ["Total: Campaigns", None, None, 2345.0, 120.0, 660.05, 5.5, 0.05, 5.5, 120.0, 1310.5],
]

GOOGLE_RU = f"""\
Отчет по кампаниям
1 июля 2026 г. - 2 июля 2026 г.
День\tКампания\tКод валюты\tПоказы\tКлики\tСр. цена за клик\tЦена\tКонверсии\tЦена/конв.
1 июля 2026 г.\tПоиск\tRUB\t1{NBSP}240\t62\t55,01\t3{NBSP}410,55\t3,50\t974,44
2 июля 2026 г.\tПоиск\tRUB\t1{NBSP}105\t58\t55,00\t3{NBSP}190,00\t —\t0,00
Итого: кампании\t —\tRUB\t2{NBSP}345\t120\t55,00\t6{NBSP}600,55\t3,50\t1{NBSP}885,87
"""

META = """\
Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (USD),Impressions,Reach,\
Frequency,Link clicks,Clicks (all),CPC (cost per link click) (USD),Results,Cost per result,\
Purchases,Purchases conversion value
2026-07-01,2026-07-31,Kitchens,Lookalike,"8,600.50","1,240,100",402000,3.08,9100,12000,0.95,120,\
71.67,31,"24,100.00"
2026-07-01,2026-07-31,Kitchens,Retargeting,"1,200",98000,21000,4.67,1300,1500,0.92,44,27.27,12,9050
"""

META_RU = (
    "Начало отчётного периода;Окончание отчётного периода;Название кампании;"
    "Потраченная сумма (UZS);Показы;Охват;Частота;Клики на ссылку;Цена за клик (UZS);Результаты\r\n"
    "2026-07-01;2026-07-31;Кухни;12 800 500,50;1 240 100;402 000;3,08;9 100;1 406,65;120\r\n"
    "2026-07-01;2026-07-31;Ретаргетинг;1 200 000,00;98 000;21 000;4,67;1 300;923,08;—\r\n"
)

GA4 = """\
# ----------------------------------------
# Traffic acquisition
# Account: Kitchens
# ----------------------------------------
#
# Start date: 20260701
# End date: 20260702
Session default channel group,Date,Sessions,Total users,Engaged sessions,Engagement rate,\
Key events,Total revenue
,,1530,1204,900,0.588,31,10402.5,Grand total
Organic Search,20260701,730,650,450,0.61,12,4002.5
Paid Search,20260702,800,690,450,0.56,19,6400
"""

HUBSPOT = """\
Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date,Deal owner,Associated Company
9001,Kitchen,Closed Won,Sales,12500.50,07/09/2026 18:00,07/01/2026 10:12,Ann Lee,Acme
9002,Wardrobe,Appointment,Sales,3400,,07/02/2026 11:00,Bob,Globex
"""

OZON = """\
;Кампания по продвижению товаров № 29645639, период 16.06.2026-19.06.2026
День;sku;Название товара;Цена товара, ₽;Показы;Клики;CTR, %;Добавления в корзину;\
Средняя стоимость клика, ₽;Расход, ₽, с НДС;Продано товаров;Продажи в продвижении, ₽;\
ДРР в продвижении, %
16.06.2026;181818;Плед;1 990,00;4 100;90;2,2;21;11,20;1 008,00;3;5 970,00;16,9
17.06.2026;181818;Плед;1 990,00;3 900;77;2,0;18;11,00;847,00;2;3 980,00;21,3
Всего;;;;8 000;167;2,1;39;11,11;1 855,00;5;9 950,00;18,6
"""

YOOKASSA = """\
Реестр платежей
ООО Ромашка, договор 12-34
Идентификатор платежа;Сумма платежа;Валюта платежа;Сумма за вычетом комиссии и НДС;\
Сумма комиссии без НДС;Время платежа
2d0f1c3a-000f-5000-8000-1aaaaaaaaaaa;1500.00;RUB;1447,50;43,75;01.07.2026 10:20:30
2d0f1c3a-000f-5000-8000-1bbbbbbbbbbb;2500.00;RUB;2412,50;72,92;02.07.2026 11:21:31

Всего платежей за период два
"""

ORDERS = """\
customer_id,date,amount,product,channel
17,2026-07-01,"1,200.50",Plaid,site
18,2026-07-02,90,Mug,site
17,2026-08-11,"2,000",Plaid,shop
ann@example.org,2026-08-12,15.25,Mug,shop
"""

SPEND = """\
Месяц;Канал;Показы;Клики;Расход, ₽ без НДС
2026-07;Яндекс;19 540;159;4 614,65
2026-08;Яндекс;20 100;170;5 001,00
2026-08;Блогеры;;;30 000
"""

DIRECT_MIXED = """\
Дата;ID кампании;Название кампании;ID объявления;ID условия показа;Показы;Клики;Расход (руб.);\
Валюта
01.07.2026;71234567;Кухни;12345678901;501;1240;62;3410,55;RUB
02.07.2026;71234567;Кухни;12345678901;501;1105;58;3190,00;RUB
Итого;;;;;2345;120;6600,55;RUB
"""

FIVETRAN = """\
source_relation,date_day,platform,account_id,campaign_id,campaign_name,clicks,impressions,spend
x,2026-07-01,google_ads,1,11,Search,62,1240,341.05
x,2026-07-02,facebook_ads,2,21,Feed,58,1105,319.00
"""

JULY = (date(2026, 7, 1), date(2026, 7, 2))

SAMPLES = {
    "yandex_direct": Sample(
        data=DIRECT.encode("cp1251"),
        system=System.YANDEX_DIRECT,
        content=Content.SPEND,
        rows=3,
        totals={M.IMPRESSIONS: 20645, M.CLICKS: 217, M.SPEND: 7804.65, M.CONVERSIONS: 7},
        currency="RUB",
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "yandex_direct_bom": Sample(
        data=DIRECT.replace(" ", NBSP).replace(f"№{NBSP}", "№ ").encode("utf-8-sig"),
        system=System.YANDEX_DIRECT,
        content=Content.SPEND,
        rows=3,
        totals={M.IMPRESSIONS: 20645, M.CLICKS: 217, M.SPEND: 7804.65, M.CONVERSIONS: 7},
        currency="RUB",
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "yandex_direct_api": Sample(
        data=DIRECT_API.encode(),
        system=System.YANDEX_DIRECT,
        content=Content.SPEND,
        rows=3,
        totals={M.IMPRESSIONS: 20645, M.CLICKS: 217, M.SPEND: 7804.65, M.CONVERSIONS: 7},
        period=JULY,
        dropped={Drop.FOOTER: 1},
    ),
    "yandex_direct_mixed": Sample(
        data=DIRECT_MIXED.encode("utf-8-sig"),
        system=System.YANDEX_DIRECT,
        content=Content.SPEND,
        rows=2,
        totals={M.IMPRESSIONS: 2345, M.CLICKS: 120, M.SPEND: 6600.55},
        currency="RUB",
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "fivetran": Sample(
        data=FIVETRAN.encode(),
        system=System.SPEND,
        content=Content.SPEND,
        rows=2,
        totals={M.IMPRESSIONS: 2345, M.CLICKS: 120, M.SPEND: 660.05},
        period=JULY,
    ),
    "yandex_metrica": Sample(
        data=METRICA.encode(),
        system=System.YANDEX_METRICA,
        content=Content.VISITS,
        rows=2,
        totals={M.VISITS: 1530, M.VIEWS: 4002},
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "yandex_metrica_expenses": Sample(
        data=EXPENSES.encode(),
        system=System.YANDEX_METRICA,
        content=Content.SPEND,
        rows=2,
        totals={M.SPEND: 16204.55, M.CLICKS: 350},
        currency="RUB",
        period=(date(2026, 7, 1), date(2026, 7, 7)),
    ),
    "amocrm": Sample(
        data=AMOCRM.encode(),
        system=System.AMOCRM,
        content=Content.DEALS,
        rows=3,
        totals={M.AMOUNT: 244500.5},
        period=(date(2026, 7, 1), date(2026, 7, 3)),
    ),
    "bitrix24": Sample(
        data=BITRIX.encode("utf-8-sig"),
        system=System.BITRIX24,
        content=Content.DEALS,
        rows=2,
        totals={M.AMOUNT: 165000.5},
        currency="RUB",
        period=JULY,
    ),
    "bitrix24_page": Sample(
        data=BITRIX_PAGE.encode(),
        system=System.BITRIX24,
        content=Content.DEALS,
        rows=2,
        totals={M.AMOUNT: 165000.5},
        currency="RUB",
        period=JULY,
    ),
    "vk_ads": Sample(
        data=workbook(VK, "Объявления"),
        system=System.VK_ADS,
        content=Content.SPEND,
        rows=2,
        totals={M.IMPRESSIONS: 20000, M.CLICKS: 121, M.CONVERSIONS: 4, M.SPEND: 2060.25},
        currency="RUB",
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "google_ads": Sample(
        data=workbook(GOOGLE),
        system=System.GOOGLE_ADS,
        content=Content.SPEND,
        rows=2,
        totals={M.IMPRESSIONS: 2345, M.CLICKS: 120, M.SPEND: 660.05}
        | {M.CONVERSIONS: 5.5, M.VALUE: 1310.5},
        currency="USD",
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "google_ads_ru": Sample(
        data=GOOGLE_RU.encode("utf-16"),
        system=System.GOOGLE_ADS,
        content=Content.SPEND,
        rows=2,
        totals={M.IMPRESSIONS: 2345, M.CLICKS: 120, M.SPEND: 6600.55, M.CONVERSIONS: 3.5},
        currency="RUB",
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "meta_ads": Sample(
        data=META.encode(),
        system=System.META_ADS,
        content=Content.SPEND,
        rows=2,
        totals={M.SPEND: 9800.5, M.IMPRESSIONS: 1338100, M.CLICKS: 10400}
        | {M.CONVERSIONS: 164, M.ORDERS: 43, M.VALUE: 33150},
        currency="USD",
        period=(date(2026, 7, 1), date(2026, 7, 31)),
    ),
    "meta_ads_ru": Sample(
        data=META_RU.encode("utf-8-sig"),
        system=System.META_ADS,
        content=Content.SPEND,
        rows=2,
        totals={M.SPEND: 14000500.5, M.IMPRESSIONS: 1338100, M.CLICKS: 10400}
        | {M.CONVERSIONS: 120},
        currency="UZS",
        period=(date(2026, 7, 1), date(2026, 7, 31)),
    ),
    "ga4": Sample(
        data=GA4.encode(),
        system=System.GA4,
        content=Content.VISITS,
        rows=2,
        totals={M.VISITS: 1530, M.CONVERSIONS: 31, M.VALUE: 10402.5},
        period=JULY,
        dropped={Drop.TOTAL: 1},
    ),
    "hubspot": Sample(
        data=HUBSPOT.encode(),
        system=System.HUBSPOT,
        content=Content.DEALS,
        rows=2,
        totals={M.AMOUNT: 15900.5},
        period=JULY,
    ),
    "ozon_performance": Sample(
        data=OZON.encode("utf-8-sig"),
        system=System.OZON,
        content=Content.SPEND,
        rows=2,
        totals={M.IMPRESSIONS: 8000, M.CLICKS: 167, M.SPEND: 1855, M.ORDERS: 5, M.VALUE: 9950},
        currency="RUB",
        period=(date(2026, 6, 16), date(2026, 6, 17)),
        dropped={Drop.TOTAL: 1},
    ),
    "yookassa": Sample(
        data=YOOKASSA.encode("cp1251"),
        system=System.YOOKASSA,
        content=Content.ORDERS,
        rows=2,
        totals={M.AMOUNT: 4000, M.NET: 3860, M.FEE: 116.67},
        currency="RUB",
        period=JULY,
        dropped={Drop.FOOTER: 1},
    ),
    "orders": Sample(
        data=ORDERS.encode(),
        system=System.ORDERS,
        content=Content.ORDERS,
        rows=4,
        totals={M.AMOUNT: 3305.75},
        period=(date(2026, 7, 1), date(2026, 8, 12)),
    ),
    "spend": Sample(
        data=SPEND.encode(),
        system=System.SPEND,
        content=Content.SPEND,
        rows=3,
        totals={M.IMPRESSIONS: 39640, M.CLICKS: 329, M.SPEND: 39615.65},
        currency="RUB",
        period=(date(2026, 7, 1), date(2026, 8, 31)),
    ),
}
