"""The words of the made-up catalogue, in English and Russian. Names and brands are invented."""

from __future__ import annotations

# ruff: noqa: E501 - tables of words
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thing:
    """One kind of product.

    Parameters:
        leaf: address of its category.
        kind: id of its type.
        drawing: name of its picture.
        names: (English, Russian) nouns.
        prices: least and greatest price in whole major units.
        lines: sentences for its description, ``{name}`` and ``{material}`` filled in.
    """

    leaf: str
    kind: str
    drawing: str
    names: tuple[tuple[str, str], ...]
    prices: tuple[int, int]
    lines: tuple[tuple[str, str], ...]


BRANDS: Final = (
    "Halden", "Norrby", "Kestrel & Vane", "Ostrava Mill", "Lumen Row", "Fjordhaus", "Tamsin Clay", "Birk",
    "Oxbow", "Velloro", "Marlow Post", "Pinehurst Co", "Sundgren", "Arkady", "Quarry Lane", "Teal & Thorn",
    "Hollin", "Brannock", "Isla Verde", "Wren House",
)  # fmt: skip

# First parts of product names: places that are on no map.
LINES: Final = (
    "Alder", "Amrum", "Arden", "Askja", "Aurel", "Balm", "Berrow", "Bexa", "Borea", "Brin", "Calder", "Carn",
    "Cedra", "Corva", "Dalby", "Delme", "Drava", "Elba", "Elsted", "Enna", "Esker", "Falun", "Fenwick", "Fira",
    "Galen", "Garda", "Glyn", "Haldis", "Harrow", "Hela", "Ilmen", "Inver", "Isar", "Jura", "Kalmar", "Karst",
    "Kiruna", "Lark", "Lerma", "Linde", "Loma", "Lund", "Maro", "Mira", "Mora", "Narva", "Nessa", "Nolde",
    "Oland", "Orme", "Osta", "Pella", "Petra", "Quill", "Rana", "Rhea", "Rowan", "Runa", "Saltholm", "Sarno",
    "Selja", "Senja", "Solva", "Tarn", "Tavira", "Thule", "Tova", "Ulva", "Umbra", "Vara", "Vega", "Vesla",
    "Vinter", "Wick", "Yarrow", "Ylva", "Zarya", "Zell",
)  # fmt: skip

# code, English, Russian
COLORS: Final = (
    ("white", "White", "Белый"), ("black", "Black", "Чёрный"), ("grey", "Grey", "Серый"),
    ("sand", "Sand", "Песочный"), ("oak", "Oak", "Дуб"), ("walnut", "Walnut", "Орех"),
    ("terracotta", "Terracotta", "Терракота"), ("red", "Red", "Красный"), ("rose", "Rose", "Розовый"),
    ("mustard", "Mustard", "Горчичный"), ("olive", "Olive", "Оливковый"), ("green", "Green", "Зелёный"),
    ("teal", "Teal", "Бирюзовый"), ("sky", "Sky blue", "Голубой"), ("navy", "Navy", "Тёмно-синий"),
    ("plum", "Plum", "Сливовый"),
)  # fmt: skip
WOODS: Final = ("oak", "walnut", "white", "black", "sand")
SIZES: Final = ("xs", "s", "m", "l", "xl", "xxl")

MATERIALS: Final = {
    "home": (
        ("oak", "Oak", "Дуб"), ("ash", "Ash", "Ясень"), ("linen", "Linen", "Лён"), ("wool", "Wool", "Шерсть"),
        ("steel", "Steel", "Сталь"), ("brass", "Brass", "Латунь"), ("stoneware", "Stoneware", "Керамика"),
        ("glass", "Glass", "Стекло"),
    ),
    "wear": (
        ("cotton", "Organic cotton", "Органический хлопок"), ("merino", "Merino", "Меринос"),
        ("canvas", "Waxed canvas", "Вощёный холст"), ("leather", "Leather", "Кожа"),
        ("recycled", "Recycled polyester", "Переработанный полиэстер"), ("down", "Down", "Пух"),
    ),
    "carry": (
        ("canvas", "Waxed canvas", "Вощёный холст"), ("leather", "Leather", "Кожа"),
        ("recycled", "Recycled polyester", "Переработанный полиэстер"), ("steel", "Steel", "Сталь"),
        ("paper", "Recycled paper", "Переработанная бумага"),
    ),
}  # fmt: skip

# address, English, Russian, drawing of its picture, English description, Russian description
CATEGORIES: Final = (
    ("home", "Home", "Дом", "chair-oak-3", "Furniture, light and table things that are made to be kept.",
     "Мебель, свет и посуда, которые делают надолго."),
    ("home/furniture", "Furniture", "Мебель", "table-walnut-12", "Chairs, tables and shelves.", "Стулья, столы и стеллажи."),
    ("home/furniture/chairs", "Chairs", "Стулья", "chair-teal-8", "For the table and for the corner by the window.", "К столу и в угол у окна."),
    ("home/furniture/tables", "Tables", "Столы", "table-oak-2", "To eat, to work, to gather around.", "Чтобы есть, работать и собираться."),
    ("home/furniture/shelves", "Shelves", "Стеллажи", "shelf-walnut-31", "Room for what is read again.", "Место для того, что перечитывают."),
    ("home/light", "Light", "Свет", "lamp-mustard-5", "Lamps for evenings.", "Лампы для вечеров."),
    ("home/light/lamps", "Table lamps", "Настольные лампы", "lamp-terracotta-9", "A warm circle of light.", "Тёплый круг света."),
    ("home/table", "Kitchen & table", "Кухня и стол", "kettle-teal-4", "For the stove and for the table.", "Для плиты и для стола."),
    ("home/table/mugs", "Mugs", "Кружки", "mug-navy-6", "Thrown by hand, glazed twice.", "Ручная работа, двойная глазурь."),
    ("home/table/pots", "Pots & kettles", "Кастрюли и чайники", "pan-red-3", "Heavy bottoms, lids that close.", "Толстое дно и плотная крышка."),
    ("home/decor", "Decoration", "Декор", "vase-green-7", "What makes a room one's own.", "То, что делает комнату своей."),
    ("home/decor/vases", "Vases", "Вазы", "vase-terracotta-11", "With or without a twig.", "С веткой и без."),
    ("home/decor/textiles", "Cushions & rugs", "Подушки и ковры", "cushion-mustard-10", "Soft things.", "Мягкие вещи."),
    ("home/decor/clocks", "Clocks", "Часы", "clock-teal-6", "Quiet ones.", "Тихие."),
    ("home/decor/plants", "Plants", "Растения", "plant-terracotta-2", "Green and easy to keep.", "Зелёные и неприхотливые."),
    ("wear", "Clothing", "Одежда", "jacket-olive-4", "Few, good, repairable.", "Мало, хорошо, можно починить."),
    ("wear/tops", "Tops", "Верх", "tee-navy-6", "Shirts for every day.", "Футболки на каждый день."),
    ("wear/jackets", "Jackets", "Куртки", "jacket-mustard-7", "Against wind and rain.", "От ветра и дождя."),
    ("wear/shoes", "Shoes", "Обувь", "shoe-walnut-2", "Resoled for free.", "Бесплатная замена подошвы."),
    ("outdoor", "Outdoor", "Поход", "tent-green-5", "For a night out, or two.", "На одну ночь или на две."),
    ("outdoor/packs", "Backpacks", "Рюкзаки", "backpack-teal-3", "From a day to a week.", "От дня до недели."),
    ("outdoor/tents", "Tents", "Палатки", "tent-mustard-9", "Up in five minutes.", "Стоит через пять минут."),
    ("outdoor/bottles", "Bottles", "Бутылки", "bottle-sky-4", "Cold stays cold.", "Холодное остаётся холодным."),
    ("desk", "Desk & travel", "Стол и дорога", "notebook-green-2", "For work and for the way.", "Для работы и дороги."),
    ("desk/paper", "Notebooks", "Блокноты", "notebook-plum-5", "Paper that takes ink.", "Бумага, которая держит чернила."),
    ("desk/audio", "Headphones", "Наушники", "headphones-black-3", "Music, or silence.", "Музыка или тишина."),
    ("desk/bags", "Bags", "Сумки", "bag-terracotta-6", "Room for a laptop and a loaf.", "Для ноутбука и батона."),
)  # fmt: skip

_WOOD: Final = (
    ("{name} is built of {material} and finished with hard wax oil.", "{name}: {material}, отделка твёрдым маслом с воском."),
    ("All joints can be tightened again after years of use.", "Все соединения можно подтянуть и через годы."),
    ("It comes flat and stands in ten minutes with one key.", "Приезжает в разобранном виде, собирается за десять минут."),
)  # fmt: skip
_TABLEWARE: Final = (
    ("Each {name} is a little different, because a person made it.", "Каждый предмет {name} чуть иной: его сделал человек."),
    ("Dishwasher safe; the glaze holds no lead.", "Можно мыть в машине; глазурь без свинца."),
    ("The {material} keeps warm for a long time.", "Материал «{material}» долго держит тепло."),
)  # fmt: skip
_SOFT: Final = (
    ("{name} is woven of {material} in small batches.", "{name}: материал «{material}», малые партии."),
    ("Colours are fast to light and to washing at 40°.", "Цвет не боится света и стирки при 40°."),
    ("The cover comes off with a hidden zip.", "Чехол снимается на потайной молнии."),
)  # fmt: skip
_CLOTHES: Final = (
    ("{name} is cut straight and sewn of {material}.", "{name}: прямой крой, материал «{material}»."),
    ("Seams are doubled where they are pulled most.", "Швы усилены там, где тянет сильнее всего."),
    ("We mend it for as long as you wear it.", "Чиним, пока вы носите."),
)  # fmt: skip
_GEAR: Final = (
    ("{name} weighs little and takes a lot.", "{name}: лёгкая вещь, которая много выдерживает."),
    ("Made of {material}, tested for two winters before it was sold.", "Материал «{material}», две зимы испытаний до продажи."),
    ("Every buckle and zip can be replaced.", "Каждую пряжку и молнию можно заменить."),
)  # fmt: skip

THINGS: Final = (
    Thing("home/furniture/chairs", "furniture", "chair", (("Dining Chair", "Обеденный стул"), ("Side Chair", "Приставной стул"), ("Café Chair", "Стул для кафе")), (79, 420), _WOOD),
    Thing("home/furniture/tables", "furniture", "table", (("Dining Table", "Обеденный стол"), ("Coffee Table", "Журнальный стол"), ("Writing Desk", "Письменный стол")), (190, 1450), _WOOD),
    Thing("home/furniture/shelves", "furniture", "shelf", (("Bookcase", "Книжный шкаф"), ("Shelf", "Стеллаж")), (120, 890), _WOOD),
    Thing("home/light/lamps", "light", "lamp", (("Desk Lamp", "Настольная лампа"), ("Bedside Lamp", "Прикроватная лампа"), ("Reading Lamp", "Лампа для чтения")), (39, 320), _SOFT[1:] + _WOOD[:1]),
    Thing("home/table/mugs", "tableware", "mug", (("Mug", "Кружка"), ("Tea Cup", "Чайная чашка"), ("Espresso Cup", "Чашка для эспрессо")), (9, 38), _TABLEWARE),
    Thing("home/table/pots", "tableware", "pan", (("Casserole", "Кастрюля"), ("Stock Pot", "Бульонница")), (49, 260), _TABLEWARE[1:] + _GEAR[1:2]),
    Thing("home/table/pots", "tableware", "kettle", (("Kettle", "Чайник"), ("Tea Kettle", "Заварочный чайник")), (35, 180), _TABLEWARE[1:]),
    Thing("home/decor/vases", "decor", "vase", (("Vase", "Ваза"), ("Floor Vase", "Напольная ваза"), ("Bud Vase", "Маленькая ваза")), (14, 160), _TABLEWARE[:1] + _TABLEWARE[2:]),
    Thing("home/decor/textiles", "decor", "cushion", (("Cushion", "Подушка"), ("Floor Cushion", "Напольная подушка")), (19, 95), _SOFT),
    Thing("home/decor/textiles", "decor", "rug", (("Rug", "Ковёр"), ("Runner", "Ковровая дорожка")), (69, 780), _SOFT[:2]),
    Thing("home/decor/clocks", "decor", "clock", (("Wall Clock", "Настенные часы"), ("Kitchen Clock", "Кухонные часы")), (29, 190), _WOOD[:1]),
    Thing("home/decor/plants", "decor", "plant", (("Agave", "Агава"), ("Potted Fern", "Папоротник в горшке"), ("Snake Plant", "Сансевиерия")), (12, 85), _TABLEWARE[2:]),
    Thing("wear/tops", "clothing", "tee", (("T-Shirt", "Футболка"), ("Pocket Tee", "Футболка с карманом"), ("Work Shirt", "Рабочая рубашка")), (19, 75), _CLOTHES),
    Thing("wear/jackets", "clothing", "jacket", (("Jacket", "Куртка"), ("Rain Jacket", "Дождевик"), ("Padded Jacket", "Стёганая куртка")), (89, 460), _CLOTHES),
    Thing("wear/shoes", "shoes", "shoe", (("Boot", "Ботинки"), ("Trainer", "Кроссовки"), ("Hiking Shoe", "Походные ботинки")), (69, 290), _CLOTHES[1:]),
    Thing("outdoor/packs", "gear", "backpack", (("Backpack", "Рюкзак"), ("Day Pack", "Городской рюкзак"), ("Trek Pack", "Походный рюкзак")), (49, 340), _GEAR),
    Thing("outdoor/tents", "gear", "tent", (("Tent", "Палатка"), ("Trek Tent", "Походная палатка")), (140, 890), _GEAR),
    Thing("outdoor/bottles", "gear", "bottle", (("Bottle", "Бутылка"), ("Flask", "Термос")), (14, 65), _GEAR[1:]),
    Thing("desk/paper", "stationery", "notebook", (("Notebook", "Блокнот"), ("Sketchbook", "Скетчбук"), ("Diary", "Ежедневник")), (7, 39), _GEAR[:1]),
    Thing("desk/audio", "gear", "headphones", (("Headphones", "Наушники"), ("Studio Headphones", "Студийные наушники")), (59, 420), _GEAR),
    Thing("desk/bags", "gear", "bag", (("Tote", "Сумка"), ("Weekender", "Дорожная сумка"), ("Work Bag", "Рабочая сумка")), (39, 360), _GEAR),
)  # fmt: skip
