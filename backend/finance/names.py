"""Persons in what a village publishes: the surname stays, the rest is 某 (PI-06, OPEN-14). Pure.

Word-aware: 李建国 becomes 李某某, 张伟 becomes 张某; 张庄建材店 and 王村供电所 are no persons. Who signs an entry is
a person wherever the name stands, in the words too. Numbers of phones, cards and identity go altogether.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from backend.comments import marks
from backend.finance.entries import PERSONS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁"
    "葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜肖詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁"
    "隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬"
    "屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和"
    "苍密修亢仝咸逯渠种孝颛苏泰邝钮龙师巴别支皮承邰昌侍撒"
)
DOUBLE = _words(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 长孙 宇文 夏侯 轩辕 端木 申屠 南宫 独孤 闻人"
)
#: a name never ends so; what ends so is a place, an office, a trade
_NO_NAME_END = frozenset(
    "村庄镇县市省区乡街路站所局社厂店队部院校行会司户款费组办处室场库园田地渠桥井坝屯寨堂馆厅库铺坊摊点网"
)
_NO_NAME = _words(
    "高速 水利 金融 常委 农行 建行 工行 党员 干部 代表 群众 全体 各户 现金 公路 安全 文化 方案 成本 和平 应付 应收 全村 来往 明细 时间 商户 路灯 花卉 花草 花木 景观 连接 管理 向阳 计划 单位 成员 关系 修理 修缮 修路 华联 强基 支付 支部 承包 保洁 保险 保安 师傅 车辆 包干 解决 查询 都是 银行 台账 原料 封面 宫灯 苗木 钢材 石子 白灰 沙子 沙石 米面 黄沙 金额 牛奶 马达 温室 柴油 房租 房屋 房产 边沟 甘蔗 桑树 木材 简报 符合 游园 成效 常年 齐全 万元 古树 童车 祝福 计生 申报 申请 江水 谷物 安装 安置 单据 单价 关爱 关工 文件 文明 章程 明白"
)
#: nor does a name begin so: 路灯电费 is a bill
_NO_NAME_BEGIN = (
    "路灯",
    "花卉",
    "花草",
    "花木",
    "柴油",
    "保洁",
    "保险",
    "保安",
    "银行",
    "党员",
    "车辆",
    "边沟",
    "水利",
    "公路",
    "房租",
    "农行",
    "建行",
)
_ORGANISED = re.compile(
    r"公司|中心|合作社|委员会|政府|学校|小学|中学|医院|银行|信用|集团|工程|建材|超市|商店|农资|门市|经营部|供电|财政|卫生|管理|服务|党委|支部|协会"
)
_TITLES = "村民|社员|党员|组长|主任|书记|会计|报账员|文书|电工|保洁员|护林员|网格员|司机|师傅|工人|户主|五保户|低保户|困难户|承包户|老人|村医|教师"
_TITLED = re.compile(rf"^((?:{_TITLES})*)(.*?)((?:{_TITLES})*)$")
Known = re.Pattern[str] | None
_RUN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]+(?:·[\u3400-\u4dbf\u4e00-\u9fff]+)*|[A-Za-z][A-Za-z .'-]*[A-Za-z]"
)
#: what personal numbers consist of, in whatever digits they are written
_DIGITS = re.compile(
    r"[\d〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[\s\-.·_]?[\d〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]){4}"
)
_BEFORE = (
    r"(?:^|[，。；、,;\s（(：:]|支付|付给|发给|付|给|还|借|收到|收|由|交|补|退|慰问|救助|" + _TITLES + ")"
)
_AFTER = (
    r"(?=$|[，。；、,;\s）)：:]|等|的|误工|工资|工时|补贴|补助|报酬|报销|垫付|承包|租金|租赁|捐|交来|交|款|费|丧葬|医药|医疗|住院|救助|慰问|低保|五保|家|户|"
    + _TITLES
    + ")"
)
_NAMED = re.compile(_BEFORE + r"(?P<name>[\u4e00-\u9fff]{2,4}?)" + _AFTER)


def is_name(text: str) -> bool:
    """Whether two to four characters are a Chinese name: a surname and what follows, and no word of a village."""
    if not 2 <= len(text) <= 4 or text in _NO_NAME or text[-1] in _NO_NAME_END or _ORGANISED.search(text):
        return False
    if text.startswith(_NO_NAME_BEGIN):
        return False
    if text[:2] in DOUBLE:
        return len(text) >= 3
    return len(text) <= 3 and text[0] in SURNAMES


def masked_name(name: str) -> str:
    """李建国 → 李某某, 张伟 → 张某, 欧阳小红 → 欧阳某某; of other scripts the first letter stays."""
    if not name or not "\u3400" <= name[0] <= "\u9fff":
        return f"{name[:1]}***"
    kept = 2 if name[:2] in DOUBLE and len(name) > 2 else 1
    return name[:kept] + "某" * max(1, min(2, len(name) - kept))


@lru_cache(maxsize=4096)
def masked_persons(text: str) -> str:
    """A field that names persons: every word is masked unless it is an office (村委会, 供电所)."""

    def mask(found: re.Match[str]) -> str:
        return found[0] if _is_office(found[0]) else _behind_title(found[0])

    return _no_numbers(_RUN.sub(mask, text))


def _is_office(word: str) -> bool:
    return bool(_ORGANISED.search(word)) or (len(word) > 3 and word[-1] in _NO_NAME_END) or word in _OFFICES


_OFFICES = _words("村委会 村委 村两委 居委会 支委会 理财小组 监委会 财务室 镇政府 全体村民 全体党员 村民代表")


def _behind_title(word: str) -> str:
    before, name, after = _apart(word)
    return f"{before}{masked_name(name) if name else ''}{after}"


def _apart(word: str) -> tuple[str, str, str]:
    found = _TITLED.match(word)
    assert found is not None  # every part may be empty
    return found[1], found[2], found[3]


def names_in(said: Mapping[str, str]) -> set[str]:
    """The names that the fields of an entry give: they are looked for in all words of the sheet."""
    found = set(_partner(said["counterpart"]))
    for field in PERSONS:
        found |= _persons(said[field])
    return found


@lru_cache(maxsize=4096)
def _persons(text: str) -> frozenset[str]:
    return _looked_for_alone(_apart(word)[1] for word in _RUN.findall(text))


@lru_cache(maxsize=4096)
def _partner(text: str) -> frozenset[str]:
    return _looked_for_alone(word for word in _RUN.findall(text) if is_name(word))


def _looked_for_alone(words: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word for word in words if 2 <= len(word) <= 20 and not _is_office(word) and word not in _NO_NAME
    )


def looked_for(names: Iterable[str]) -> Known:
    """What finds these names in a text, the longest first; None without a name. Made once for a sheet."""
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest))) if longest else None


@lru_cache(maxsize=4096)
def masked_text(text: str, known: Known = None) -> str:
    """Free words: the names that are known, names that stand as names do (支付李建国误工费), personal numbers."""
    if known is not None:
        text = known.sub(lambda found: masked_name(found[0]), text)
    return _no_numbers(_NAMED.sub(_mask_named, text))


def _mask_named(found: re.Match[str]) -> str:
    name = found["name"]
    if "某" in name or not is_name(name):
        return found[0]
    return found[0][: len(found[0]) - len(name)] + masked_name(name)


def _no_numbers(text: str) -> str:
    return marks.covered(text, marks.find(text)) if _DIGITS.search(text) else text


def shown(said: Mapping[str, str], known: Known) -> dict[str, str]:
    """What everybody may read of an entry."""
    return {
        "words": masked_text(said["words"], known),
        "counterpart": masked_counterpart(said["counterpart"], known),
        "handler": masked_persons(said["handler"]),
        "witness": masked_persons(said["witness"]),
        "approver": masked_persons(said["approver"]),
        "note": masked_text(said["note"], known),
    }


@lru_cache(maxsize=4096)
def masked_counterpart(text: str, known: Known = None) -> str:
    """Whom the money came from or went to: an office as it is, a person masked, 王建国等12人 too."""

    def mask(found: re.Match[str]) -> str:
        word = found[0]
        name, rest = (word[: word.index("等")], word[word.index("等") :]) if "等" in word[2:] else (word, "")
        return f"{masked_name(name)}{rest}" if is_name(name) else masked_text(word, known)

    return _no_numbers(_RUN.sub(mask, text))
