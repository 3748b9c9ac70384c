"""The invented topics of the demonstration: matters of villages as they come up, in the words of nobody.

Days are days ago. Comments are (days ago, kind, stance, text, answer); groups name comments by their position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Step = tuple[int, str, str, Mapping[str, Any]]


@dataclass(frozen=True)
class Said:
    """One comment or question, and the answer to it."""

    days_ago: int
    text: str
    stance: str = ""
    kind: str = "comment"
    answer: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Topic:
    """One topic: who brings it, what it says, what happens when. `village`: which of the town's, None for the town."""

    days_ago: int
    by: str  # resident | village | town
    village: int | None
    title: str
    body: str
    reason: str = ""
    steps: tuple[Step, ...] = ()
    said: tuple[Said, ...] = ()
    statements: tuple[str, ...] = ()
    ratings: tuple[int, ...] = ()


_VILLAGERS = "本村村民，在村里居住或者承包土地的人，也欢迎在外务工的乡亲。"

LAMPS = Topic(
    14, "resident", 2,
    "村口到小学的路灯怎么装",
    "村口到小学这一段路八百米没有灯，冬天孩子放学天已经黑了，今年有两位老人在桥头摔过。\n"
    "想请大家商量：先装哪一段，装太阳能的还是拉电线的，电费和以后的维修谁来管。",
    "孩子上下学要走这段路。",
    steps=(
        (12, "leader", "accept", {"weight": "ordinary", "track": "plain", "note": "关系群众出行安全，同意列入。"}),
        (8, "dispatcher", "open", {
            "asked": "一、先装哪一段；二、用太阳能灯还是接电的灯；三、以后谁来维修。",
            "who_may": _VILLAGERS,
            "use_of_result": "供村两委定方案时参考；方案定下来以后在这里公示，不足的钱怎么筹另外再议。",
            "poll": {
                "question": "先装哪一种灯？",
                "options": ["太阳能路灯，不用电费，三年换一次电池", "接电的路灯，更亮，电费由村集体出", "两种都装，桥头接电，其余用太阳能"],
                "entitled": 612,
            },
        }),
        (3, "dispatcher", "call_meeting", {
            "form": "talk", "in_days": 7, "hour": 19, "place": "村委会二楼会议室",
            "agenda": "一、看三家的报价；二、谈先装哪一段；三、谈以后谁来维修。",
            "chosen_how": "自愿报名；桥头到小学沿线每个小组至少来两位。",
            "invited": ["沿线五个小组的村民", "小学老师代表", "供电所", "镇城建办"],
            "seats": 30,
        }),
    ),
    said=(
        Said(7, "桥头那两盏最要紧，弯道又陡，晚上骑车看不见。", "for", seconds=6),
        Said(7, "太阳能的好，不用拉线。前年隔壁村装的，到现在也没有交过电费。", "for", seconds=3),
        Said(6, "太阳能灯阴天不亮，冬天正好雨雪多，到时候等于没装。", "against", seconds=4),
        Said(5, "电池坏了谁换？几年前广场上的灯坏了就再没人修。先说清楚谁管再装。", "", seconds=8),
        Said(
            4, "八百米大概要装多少盏，一共多少钱？", kind="question",
            answer="按二十五米一盏算，三十二盏。三家报价在六万八到九万二之间，会议上当面看。",
        ),
        Said(2, "灯不要正对着人家的窗户，我家邻着路，晚上怕照得睡不着。", ""),
    ),
    statements=(
        "桥头和弯道应该最先装",
        "电费应该由村集体出",
        "太阳能灯比接电的灯合算",
        "没有说清楚谁维修，就先不要装",
        "每户出一点钱，可以装得更快",
        "夜里十二点以后可以关一半的灯",
    ),
)  # fmt: skip

GRAIN = Topic(
    75, "town", None,
    "农忙时节晒粮占路怎么办",
    "每年六月和十月，乡道、村道两边晒满粮食，去年发生过三起刮碰。可是家里没有场院，粮食不晒会霉。\n"
    "想听大家说：哪些地方可以晒，什么时间可以晒，怎样才不出事。",
    "秋收前要定下来。",
    steps=(
        (72, "leader", "accept", {"weight": "ordinary", "track": "plain", "note": "既关系安全，也关系收成，同意列入。"}),
        (70, "dispatcher", "open", {
            "asked": "一、哪些地方可以集中晒粮；二、路上晒粮能不能限时限段；三、谁来劝导。",
            "who_may": "全镇村民、种粮大户、沿路的商户，以及经常走这些路的人。",
            "use_of_result": "镇里据此定秋收晒粮的安排，定了以后公示。",
        }),
        (66, "dispatcher", "call_meeting", {
            "form": "council", "in_days": 6, "hour": 15, "place": "镇便民服务中心三楼",
            "agenda": "一、各村报可用的空场地；二、谈限时限段；三、谈劝导的分工。",
            "chosen_how": "每村一位种粮户、一位党员，村里推选，名单张榜。",
            "invited": ["各村种粮户代表 38 人", "交警中队", "农机合作社", "镇人大代表 2 人"],
            "seats": 20,
        }),
        (59, "dispatcher", "record_meeting", {
            "minutes": "一、二十六个村报了学校操场、文化广场、闲置厂院共四十一处，秋假期间可用。\n"
            "二、多数人同意乡道双向留足一个车道，夜里收起来；主干道不晒。\n"
            "三、种粮户提出：场地离得远的，要有人帮着运。农机合作社答应农忙时出车。",
            "expected": 45, "attended": 41, "attendance": "请假 4 人，意见已书面交来。",
        }),
        (54, "system", "period_over", {}),
        (52, "dispatcher", "group", {"groups": (
            {"title": "开放空场地集中晒", "decision": "adopted", "said": (0, 3),
             "reason": "四十一处场地已经落实，秋假期间免费使用，名单在各村张贴。"},
            {"title": "路上限时限段晒", "decision": "partly", "said": (1,),
             "reason": "村道可以单侧晒、留足车道、天黑前收起；乡道主干道车多，不采纳。"},
            {"title": "一律禁止在路上晒", "decision": "not_adopted", "said": (2,),
             "reason": "部分村没有可用场地，全禁做不到；先用场地和限时把危险降下来，明年再看。"},
        )}),
        (50, "dispatcher", "draft_conclusion", {"conclusion":
            "一、四十一处空场地秋假期间免费晒粮，由村里排时间。\n二、村道单侧限时晒，留足车道，天黑前收起；乡道主干道不晒。\n"
            "三、农忙期间每村两名劝导员，农机合作社帮助转运。\n四、秋收以后回头看，再定明年的办法。"}),
        (48, "leader", "conclude", {}),
        (46, "dispatcher", "publish", {}),
        (30, "dispatcher", "hand_over", {"unit": "construction", "until": 20, "note": "请会同各村落实。"}),
        (24, "construction", "report_progress", {"on": 24, "text": "四十一处场地的名单和电话已经在各村张贴，晒粮时间按小组排好。"}),
        (10, "construction", "report_progress", {"on": 10, "text": "秋收以来集中晒粮约八成，乡道没有再晒；有两个村场地不够，正在协调闲置厂院。"}),
    ),
    said=(
        Said(69, "学校秋假的时候操场空着，能不能让周边的小组去晒？", "for", seconds=9),
        Said(68, "路上晒可以，天黑前一定要收，夜里骑车根本看不见粮堆。", "for", seconds=5),
        Said(64, "就不该让在路上晒，去年我家孩子在那里摔了，应该一律不许。", "against", seconds=2),
        Said(62, "场地有了还得有人运，老人在家没有力气。合作社能不能帮一把。", "for", seconds=7),
        Said(
            60, "大户用场地是不是要排队？要不要收钱？", kind="question",
            answer="场地不收钱。排队由村里按小组排，大户尽量错开早晚，名单张榜。",
        ),
    ),
)  # fmt: skip

RENT = Topic(
    60, "village", 7,
    "集体机动地的租金今年怎么用",
    "机动地四十六亩重新发包，每年租金三万二千二百元。两委提了三个方向：修生产路、补贴老年食堂、存着明年修塘坝。\n"
    "这笔钱是大家的，先听大家的意见，再按四议两公开定。",
    "按规定，集体收益的使用要经村民代表会议讨论决定。",
    steps=(
        (58, "leader", "accept", {"weight": "major", "track": "four_two", "note": "涉及集体收益分配，按重大事项和四议两公开办理。"}),
        (57, "dispatcher", "record_resolution", {"step": "proposal", "held_on": 57, "entitled": 5, "present": 5, "agreed": 5}),
        (56, "dispatcher", "open", {
            "asked": "租金今年用在哪里；要是分着用，各用多少。",
            "who_may": "本村集体经济组织成员。",
            "use_of_result": "供两委拟定方案、村民代表会议表决时参考；这里的意见不代替表决。",
        }),
        (55, "dispatcher", "record_resolution", {"step": "committees", "held_on": 55, "entitled": 9, "present": 8, "agreed": 8}),
        (25, "system", "period_over", {}),
        (24, "dispatcher", "group", {"groups": (
            {"title": "先修东坡生产路", "decision": "adopted", "said": (0, 2),
             "reason": "秋收运粮最急，测算两万一千元，今年可以完成。"},
            {"title": "补贴老年食堂", "decision": "partly", "said": (1,),
             "reason": "先拿出七千元补到年底，同时申请上级补助，明年再定。"},
            {"title": "每户平均分掉", "decision": "not_adopted", "said": (3,),
             "reason": "每户不到八十元，办不成事；多数意见是集中用在公共的事上。"},
        )}),
        (24, "dispatcher", "record_resolution", {"step": "party_meeting", "held_on": 24, "entitled": 31, "present": 26, "agreed": 23}),
        (23, "dispatcher", "draft_conclusion", {"conclusion":
            "今年租金三万二千二百元：二万一千元修东坡生产路六百米；七千元补贴老年食堂到年底；余下四千二百元留作塘坝的勘测。"
            "每一笔支出在村务公开栏和这里公布。"}),
        (22, "leader", "conclude", {}),
        (12, "dispatcher", "record_resolution", {
            "step": "assembly", "form": "representatives", "held_on": 12, "entitled": 42, "present": 37, "agreed": 33,
            "note": "妇女代表 15 人到会。",
        }),
        (10, "dispatcher", "publish", {}),
    ),
    said=(
        Said(52, "东坡那条路一下雨车就陷，秋天运粮要绕两里地，先修路。", "for", seconds=11),
        Said(50, "老年食堂一顿饭省下子女多少心，不要断了。", "for", seconds=8),
        Said(45, "修路要招标，钱怎么花的要贴出来。", "", seconds=6),
        Said(40, "分给各户最公平，谁也不用争。", "against", seconds=1),
        Said(
            38, "出租的四十六亩，租期几年，租金多少钱一亩？", kind="question",
            answer="租期三年，每亩每年七百元，合同在村务公开栏可以看。",
        ),
    ),
)  # fmt: skip

LIBRARY = Topic(
    2,
    "resident",
    4,
    "农家书屋周末能不能开门",
    "平时去都锁着门，孩子周末没有地方看书。想商量一下周末谁来值班，能不能请放假回来的大学生帮忙。",
    "孩子放假在家只看手机。",
)

CLINIC = Topic(
    130, "town", None,
    "卫生室夜里有没有人值班",
    "夜里孩子发烧、老人不舒服，附近的卫生室关着门，要跑到镇上。想商量哪些村的卫生室夜里留人，怎么排。",
    steps=(
        (128, "leader", "accept", {"weight": "ordinary", "track": "plain", "note": "群众反映集中，同意列入。"}),
        (126, "dispatcher", "open", {
            "asked": "哪些时候最需要；几个村合着值班行不行；电话打不通怎么办。",
            "who_may": "全镇居民和乡村医生。",
            "use_of_result": "镇卫生院据此排夜间值班，排定以后公示。",
        }),
        (110, "system", "period_over", {}),
        (108, "dispatcher", "group", {"groups": (
            {"title": "几个村合着值班", "decision": "adopted", "said": (0, 1), "reason": "按片区排，一片一个点，电话公布。"},
        )}),
        (107, "dispatcher", "draft_conclusion", {"conclusion":
            "九个片区每片每晚一个卫生室值班，值班电话在村口和这里公布；急重症仍请打 120。"}),
        (106, "leader", "conclude", {}),
        (105, "dispatcher", "publish", {}),
        (88, "dispatcher", "hand_over", {"unit": "civil", "until": 60, "note": ""}),
        (80, "civil", "report_progress", {"on": 80, "text": "九个片区的夜间值班表已经排好，电话贴在村口。"}),
        (12, "dispatcher", "finish", {"note": "夜间值班运行两个月，接诊二百一十三人次，值班表每月更新。"}),
    ),
    said=(
        Said(124, "冬天夜里跑镇上来回一个钟头，几个村合着值班就行。", "for", seconds=12),
        Said(120, "值班电话要有人接，打不通比没有还急人。", "for", seconds=9),
    ),
    ratings=(5, 4, 5, 4, 3, 5, 4),
)  # fmt: skip

TREE = Topic(
    20, "resident", 1,
    "两家中间的那棵树该归谁",
    "两家院墙中间的树每年落叶掉果，想请大家评评理。",
    steps=(
        (18, "leader", "decline", {
            "note": "这是两家之间的事，当众评议对双方都不好。已经请村里的调解员上门，愿意调解的随时可以开始。",
            "public_title": "邻里之间的树木归属",
        }),
    ),
)  # fmt: skip

TOPICS: tuple[Topic, ...] = (CLINIC, GRAIN, RENT, TREE, LAMPS, LIBRARY)
