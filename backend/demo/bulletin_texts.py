"""The demonstration's articles: words of its own, of no real town, with dates and amounts left to the yearly notice."""

from __future__ import annotations

from dataclasses import dataclass

#: code, name
SERIES = (("ershida", "党的二十大精神"), ("zhengce", "政策明白纸"), ("pingan", "平安提醒"))


@dataclass(frozen=True)
class Written:
    """An article published so many days ago; minus: scheduled so many days ahead; None: still a draft."""

    series: str
    days_ago: int | None
    title: str
    summary: str
    html: str
    picture: str = ""
    sound: str = ""
    #: places in the list of the town's villages; none: for the whole town
    villages: tuple[int, ...] = ()


ARTICLES = (
    Written(
        "ershida", 300, "共同富裕，说的是什么",
        "不是少数人富，也不是平均分。从身边的事说清楚。",
        "<p>党的二十大报告讲，中国式现代化是<strong>全体人民共同富裕</strong>的现代化。有乡亲问：是不是把钱平均分了？不是。</p>"
        "<h2>不是平均分</h2><p>勤劳的人多得，肯干的人多得，这一条不变。共同富裕是让每个人都有路子、有奔头。</p>"
        "<h2>也不是等着靠着</h2><p>学一门手艺、种好一季庄稼、把孩子的书念好，都是在往富裕的路上走。遇到难处，政策来托底，邻里来搭手。</p>"
        "<h2>在我们镇</h2><ul><li>公益岗位先给家里有困难的；</li><li>村集体的收入怎么花，在“三务公开”里一笔一笔看得见；</li>"
        "<li>老人、孩子、病人的事，网格员上门问。</li></ul>",
        picture="field",
    ),
    Written(
        "ershida", 210, "乡村振兴的五篇文章",
        "产业、人才、文化、生态、组织，每一篇都有我们能做的事。",
        "<p>党的二十大报告提出，扎实推动乡村<strong>产业、人才、文化、生态、组织</strong>振兴。放到村里，就是五件实在的事：</p>"
        "<ol><li><strong>产业</strong>：地里种什么、卖给谁，合作社一起商量。</li><li><strong>人才</strong>：会技术的带一带不会的，在外的常回来看看。</li>"
        "<li><strong>文化</strong>：红白事简办，大院里常有戏。</li><li><strong>生态</strong>：垃圾进桶，河里不倒脏水。</li>"
        "<li><strong>组织</strong>：党员亮身份，有事走在前头。</li></ol>"
        "<blockquote>有好主意，就在“有事好商量”里提，说得在理就办。</blockquote>",
        picture="village",
    ),
    Written(
        "ershida", 96, "全过程人民民主，就在村口的议事桌上",
        "提议、商量、决定、办理、评价，每一步乡亲们都在场。",
        "<p>党的二十大报告讲，全过程人民民主是社会主义民主政治的本质属性。听着大，其实就在村口：</p>"
        "<p>路灯装在哪儿，先<strong>听大家说</strong>；意见不一样，就<strong>坐下来商量</strong>；定下来的事，<strong>贴出来、照着办</strong>；"
        "办得好不好，<strong>大家来评</strong>。</p><p>打开“有事好商量”，看看本村正在商量什么。</p>",
        picture="table",
    ),
    Written(
        "zhengce", 58, "城乡居民医保：按时缴，全家缴",
        "集中缴费期、怎么缴、忘了缴怎么办。可以点录音听。",
        "<h2>什么时候缴</h2><p>每年缴一次，集中缴费期看当年的通知，一般在下半年。<strong>错过了会有等待期</strong>，等待期里看病不能报销。</p>"
        "<h2>怎么缴</h2><ul><li>手机上缴：按通知里的办法，给自己缴，也可以给家里人缴；</li><li>到村委会缴：带身份证；</li>"
        "<li>不会用手机的，请网格员帮忙。</li></ul><h2>缴多少</h2><p>每年的标准由上级统一定，以当年的通知为准。低保、特困等家庭有资助，不用自己申请，村里会核对。</p>",
        picture="clinic", sound="medical_insurance",
    ),
    Written(
        "zhengce", 41, "自家建房，先申请再动工",
        "没有批准就盖，盖了也可能要拆。四步走稳。",
        "<ol><li>向村里提出申请，写明在哪儿、盖多大；</li><li>村里讨论、公示；</li><li>镇里审核、批准，到现场放线；</li>"
        "<li>批准以后再动工，盖好了请镇里来验收。</li></ol><p>占用耕地建房是<strong>不允许的</strong>。拿不准的，先打镇便民服务中心的电话问一问。</p>"
        "<table><tbody><tr><th>要带的</th><th>说明</th></tr><tr><td>身份证、户口本</td><td>原件和复印件</td></tr>"
        "<tr><td>建房申请表</td><td>村委会有</td></tr></tbody></table>",
        picture="house",
    ),
    Written(
        "zhengce", 24, "秸秆不能烧，有三条出路",
        "烧秸秆污染空气，容易引起火灾。打捆、还田、做饲料都行。",
        "<p>收完庄稼，秸秆怎么办？<strong>不能在地里烧。</strong></p><ul><li><strong>打捆</strong>：跟村里登记，打捆机按片来；</li>"
        "<li><strong>还田</strong>：粉碎以后深翻，地更有劲；</li><li><strong>做饲料</strong>：养牛羊的可以来拉。</li></ul>"
        "<p>看见冒烟，先打火警电话 119，再用“随手拍”报给镇里。</p>",
        picture="field", villages=(0, 1, 2),
    ),
    Written(
        "pingan", 12, "“退款”“中奖”“安全账户”，先挂电话",
        "三句话防住大多数骗局。",
        "<h2>三句话</h2><ol><li>陌生人让转账的，<strong>不转</strong>；</li><li>要验证码的，<strong>不给</strong>；</li><li>让下载软件、共享屏幕的，<strong>不点</strong>。</li></ol>"
        "<p>公安机关没有“安全账户”。拿不准就打 <strong>96110</strong> 问，已经转了钱马上打 110。家里有老人的，把这三句话念给老人听。</p>",
        picture="phone",
    ),
    Written(
        "pingan", 3, "天冷了，取暖防中毒",
        "烟囱要通，窗户要留缝，睡前看一眼炉子。",
        "<ul><li>烟囱伸到屋外，接口不漏，先通一通再生火；</li><li>屋里留一条透气的缝，装上报警器；</li><li>睡前封好炉子，炭火盆不进屋。</li></ul>"
        "<p>头晕、恶心，先开窗、到屋外去，再打 120。独居的老人请邻居和网格员多看一眼。</p>",
        picture="stove",
    ),
    Written(
        "zhengce", -2, "冬季清雪，门前一起扫",
        "镇里的铲雪车先走主路，门前和巷子请大家搭把手。",
        "<p>下雪以后，铲雪车先清主路和学校、卫生院门口。巷子和自家门前，请各家各户搭把手。走不动的老人家，网格员和邻居去扫。</p>",
        picture="village",
    ),
    Written("zhengce", None, "高龄津贴怎么申请", "带什么、到哪儿办、多久能办好。", "<p>正在和民政站核对。</p>"),
)  # fmt: skip
