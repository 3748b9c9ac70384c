"""What the demonstration's residents write and its staff answer; invented, without any person in it."""

from __future__ import annotations

import random

SPOTS = (
    "村委会东侧", "小学门口", "村东头十字路口", "文化广场旁", "卫生室西边", "幸福路中段", "小桥北头", "村南菜地边",
    "老供销社门前", "公交站牌附近", "中心街路西", "村北大坑边", "健身广场入口", "西胡同口", "沿河路拐弯处",
)  # fmt: skip

#: scene → (what the resident writes, what the worker did, what the reply says); {spot} is a place
WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "rubbish": (
        ("{spot}的垃圾好几天没人收", "{spot}垃圾桶满了，撒了一地", "{spot}堆了不少生活垃圾，有味道", "{spot}有人乱倒垃圾"),
        ("已清运两车，桶周围冲洗干净。", "已清理完毕，联系保洁公司把这里改为每天一清。", "已清走并消毒，旁边放了提示牌。"),
        ("垃圾已经清运干净，这一处以后每天收一次。", "已清理，保洁路线做了调整，您看到又满了可以再上报。"),
    ),
    "lamp": (
        ("{spot}的路灯不亮了", "{spot}路灯一闪一闪的，晚上看不清路", "{spot}连着两盏路灯坏了"),
        ("更换灯头一个、整流器一个，晚上复看已亮。", "线路接头进水，已重新接好。"),
        ("路灯已修好，昨晚复看正常。", "已更换损坏的灯头，同一条路的其他灯也查了一遍。"),
    ),
    "manhole": (
        ("{spot}井盖不见了，很危险", "{spot}的井盖破了一半", "{spot}井盖松动，车一过就响"),
        ("现场先围挡，当天换上新井盖。", "已更换防沉降井盖，四周水泥抹平。"),
        ("井盖已换新，周围也加固了。谢谢您及时告诉我们。",),
    ),
    "pothole": (
        ("{spot}路面有个大坑，下雨积水", "{spot}路面塌了一块", "{spot}坑洼不平，骑车容易摔"),
        ("已用沥青冷补料填平压实。", "切割破损路面，重新浇筑，养护三天后放行。"),
        ("路面已补好，请放心通行。", "坑已填平，雨后我们会再看一次。"),
    ),
    "ditch": (
        ("{spot}的沟里漂着垃圾，发臭", "{spot}下水道堵了，污水往外冒", "{spot}排水沟淤住了，一下雨就淹"),
        ("清淤约 40 米，打捞漂浮物，水已流通。", "疏通管道，清出淤泥两车。"),
        ("沟渠已清淤，水流通了。", "管道已疏通，下次大雨前会再巡查一遍。"),
    ),
    "stall": (
        ("{spot}摆摊占了半条路", "{spot}的车乱停，把路口堵了", "{spot}店外摆得到处都是，走不过去"),
        ("已劝离并引导到便民市场经营。", "已与店主当面说明，物品搬回店内，划了线。"),
        ("占道已清理，这一段列入每天巡查。", "已经腾出通道，早晚高峰有人值守。"),
    ),
    "sign": (
        ("{spot}的牌子歪了，快掉下来了", "{spot}指示牌坏了看不清", "{spot}护栏被撞坏了"),
        ("已扶正加固，螺丝全部换新。", "更换面板并重新固定。"),
        ("已修好并加固。", "损坏的部分已更换，感谢您的提醒。"),
    ),
    "tree": (
        ("{spot}大树歪了压着电线", "{spot}枯枝快掉下来了", "{spot}电线垂得很低，怕碰到人"),
        ("断电后修剪，枯枝运走，线路抬高。", "锯除枯树，现场清理干净。"),
        ("隐患已消除，树枝和线路都处理过了。",),
    ),
    "land": (
        ("{spot}有人往地里倒建筑垃圾", "{spot}堆了一大堆渣土没人管", "{spot}工地没盖土，一刮风全是灰"),
        ("责令清运，现场已恢复平整。", "渣土外运，裸土加盖防尘网。"),
        ("渣土已清走，地面恢复了原样。", "已要求整改并复查合格。"),
    ),
}  # fmt: skip

#: categories whose matter the scene's words would miss: what the resident writes
OWN_WORDS: dict[str, tuple[str, ...]] = {
    "0106": ("{spot}有人烧秸秆，烟很大", "{spot}在烧垃圾，呛人"),
    "0107": ("{spot}沟边有只死狗，味道大",),
    "0108": ("{spot}有人养了一大群鸡，叫得睡不着",),
    "0109": ("{spot}有人搭棚子占了公共地方",),
    "0110": ("{spot}化粪池满了往外流",),
    "0201": ("{spot}电线杆上贴满小广告", "{spot}墙上喷了一片小广告"),
    "0202": ("{spot}新装的门头牌匾挡了窗户",),
    "0203": ("{spot}广告灯箱摆到人行道上了",),
    "0204": ("{spot}店招牌松了，风一吹就晃",),
    "0301": ("{spot}半夜还在施工，吵得睡不着",),
    "0303": ("{spot}施工围挡占了大半条路",),
    "0304": ("{spot}有人把路挖开没恢复",),
    "0402": ("{spot}自来水管破了，往外喷水", "{spot}停水了，路面在冒水"),
    "0403": ("{spot}能闻到燃气味",),
    "0404": ("{spot}暖气管漏水，家里不热",),
    "0407": ("{spot}路面结冰，骑车滑倒了人",),
    "0408": ("{spot}有根线断了垂在路上",),
    "0503": ("{spot}的车乱停，把路口堵了", "{spot}有辆车停了两个月没动"),
    "0504": ("{spot}晚上音响开得太大", "{spot}的喇叭从早喊到晚"),
    "0505": ("{spot}露天烧烤，烟全飘进家里",),
    "0603": ("{spot}的健身器材断了一根杆",),
    "0605": ("{spot}公厕堵了没人修",),
    "0606": ("{spot}监控杆被撞歪了",),
    "0608": ("{spot}变压器箱门开着，小孩容易碰到",),
    "0610": ("{spot}站亭的玻璃碎了",),
    "0701": ("{spot}消防通道被杂物堵住了",),
    "0702": ("{spot}从楼上拉线给电动车充电",),
    "0703": ("{spot}小饭店门口堆着好几个燃气瓶",),
    "0704": ("{spot}老房子的墙裂了一道大缝",),
    "0705": ("{spot}水边没有护栏，孩子常去玩",),
    "0706": ("{spot}涵洞堵了，下大雨怕淹",),
    "0707": ("{spot}有人在林边烧纸，没人看着",),
    "0801": ("{spot}有人在耕地里挖土",),
    "0802": ("{spot}有人夜里打地基",),
    "0901": ("和邻居因为滴水檐闹得不愉快，想请人说和", "地边有争议，想请村里帮忙量一量"),
    "1001": ("家里老人不会在手机上办养老认证，能上门吗",),
    "1002": ("家里有人长期住院，想问问能申请什么帮扶",),
    "1003": ("想问一下医保今年什么时候缴", "养老金认证在哪里办"),
    "1004": ("{spot}这一片今早停电到现在", "自来水发黄，不敢喝"),
    "1005": ("建议村里多放几个休息的凳子", "建议公交站加个遮雨棚"),
    "B301": ("{spot}机井抽不上水", "{spot}的水泵坏了，浇不了地"),
}
GENERAL_DONE = (
    "已到现场处理完毕，拍照留存。",
    "当天处理完成，周边一并检查了。",
    "已联系责任单位，现场盯着处理到位。",
)
TALKED_DONE = (
    "已电话联系并上门协助。",
    "已说明政策和办理地点，并留了联系方式。",
    "已当面谈过，把情况记了下来。",
)
TALKED_REPLIES = ("已经帮您联系办理，有问题可以再找我们。", "情况已经当面说明，谢谢您。")
GENERAL_REPLIES = ("已处理完毕，谢谢您告诉我们。", "已经解决，再有类似情况随时上报。")

DETAILS = (
    "", "", "麻烦尽快来看看，老人孩子都从这里走。", "已经有三四天了。", "晚上更明显。", "下雨天特别严重。", "之前也有邻居说过。",
)  # fmt: skip
FAILED_CHECKS = (
    "照片上还能看到没处理完的地方，请再去一次。",
    "只处理了一半，请补完再报。",
    "现场和照片对不上，请重拍办后照片。",
)
DISPUTES = ("刚好两天又和原来一样了。", "只弄了一半，旁边那段没管。", "我去看了，还没弄好。")
REFUSALS = ("现场复核已经处理到位，您说的另一处我们已另行登记，会单独答复您。",)
SUPPLEMENTS = ("补一句：位置在路的西边。", "今天又看了，比昨天更严重了。")
INTERNAL_NOTES = ("已电话提醒，明早去。", "需要协调铲车，排在周四。", "这一处是第二次上报，注意彻底处理。")
COMMENTS = {
    "satisfied": ("", "", "挺快的，谢谢。", "点赞！", "说到做到。"),
    "basically": ("", "就是慢了点。", "基本可以。"),
    "unsatisfied": ("等得太久了。", "没有彻底解决。"),
}
#: outcome → how often; silence about how it ended is not among them
OUTCOMES = (("resolved", 84), ("explained", 9), ("partly", 5), ("unsolvable", 2))
# Near what boards outside an office's own control print (78 to 83 %), not what hotlines print of themselves.
RATINGS = (("satisfied", 68), ("basically", 17), ("unsatisfied", 15))

_SCENE_OF_CATEGORY = {
    "0104": "ditch", "0402": "ditch", "0405": "ditch", "0406": "pothole", "0407": "pothole", "0403": "land", "0404": "land",
    "0401": "pothole", "0408": "tree", "0601": "lamp", "0602": "manhole", "0609": "pothole", "0608": "tree", "0606": "lamp",
    "0702": "tree", "0708": "tree", "0707": "tree", "0706": "ditch", "0705": "ditch", "0701": "stall", "0102": "land",
    "1004": "lamp", "B101": "rubbish", "B102": "ditch", "B201": "lamp", "B202": "manhole", "B301": "land", "B302": "ditch",
}  # fmt: skip
_SCENE_OF_GROUP = {
    "01": "rubbish", "02": "sign", "03": "land", "04": "ditch", "05": "stall", "06": "sign", "07": "tree", "08": "land",
    "99": "rubbish",
}  # fmt: skip
#: how often categories come up; the rest 2
WEIGHTS = {
    "0101": 26, "0103": 14, "0601": 15, "0609": 12, "0405": 9, "0602": 6, "0503": 9, "0501": 6, "0504": 5, "0105": 5,
    "0104": 6, "0102": 6, "0201": 4, "1003": 6, "1005": 5, "1001": 4, "0901": 3, "0708": 4, "9901": 3,
    "1101": 0, "1102": 0, "1103": 0, "1104": 0,
}  # fmt: skip


def scene_of(category_code: str, group_code: str) -> str:
    """The kind of picture that fits a category; "" when such a matter has none."""
    return _SCENE_OF_CATEGORY.get(category_code) or _SCENE_OF_GROUP.get(group_code, "")


def words_of(category_code: str, scene: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What is written, what was done, what is answered in matters of this category."""
    own = OWN_WORDS.get(category_code)
    if own is None:
        return WORDS.get(scene, WORDS["rubbish"])
    if not scene:
        return own, TALKED_DONE, TALKED_REPLIES
    return own, GENERAL_DONE, GENERAL_REPLIES


def weighted(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    """One of the words, as often as its number says."""
    return rng.choices([word for word, _ in table], [weight for _, weight in table])[0]
