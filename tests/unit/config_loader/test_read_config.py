"""The reader of config/: every fault by file and line, all of them at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backend.places.files import ConfigProblems, Limit, read_config

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the small town of the tests, to break."""
    shutil.copytree(ROOT / "tests" / "town", tmp_path / "config")
    return tmp_path / "config"


def test_the_shipped_config_is_the_real_towns_numbers() -> None:
    found = read_config(ROOT / "config")
    town = found.towns[0]
    levels = [line.level for line in town.places]
    counts = {level: levels.count(level) for level in ("area", "village", "grid", "micro_grid")}
    assert counts == {"area": 9, "village": 38, "grid": 41, "micro_grid": 228}
    assert [u.kind for u in town.units].count("grid") == 41
    assert all("示例" in line.name for line in town.places if line.level == "village")
    assert all(line.boundary and line.center for line in town.places)
    groups = {c.group_code for c in town.categories}
    assert groups == {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "99"}
    rubbish = next(c for c in town.categories if c.name == "暴露垃圾")
    assert rubbish.limit == Limit(4, "working_hour")
    assert rubbish.after_photo_reason


#: what the newspaper's 9必报 asks to be reported of people: no item of any catalogue (domain-rules §3.3, §8)
LABELS = [
    "精神",
    "疾患",
    "流动人",
    "人员变动",
    "不稳定",
    "重点人员",
    "刑满",
    "矫正",
    "吸毒",
    "信访",
    "上访",
    "邪教",
    "宗教",
    "民族",
    "残疾",
    "户籍",
    "住户",
    "租客",
]


def test_a_catalogue_has_no_label_on_people() -> None:
    for town in read_config(ROOT / "config").towns:
        for category in town.categories:
            words = " ".join((category.name, *category.keywords))
            assert not [label for label in LABELS if label in words], (town.brand.code, category.code)


def test_the_six_that_remain_of_what_is_to_be_reported() -> None:
    """§3.3: facilities 06, roads 01, emergencies 11, dangers 07, land 08, let houses as buildings only 07."""
    town = read_config(ROOT / "config").towns[0]
    named = {(c.group_code, c.name) for c in town.categories}
    assert named >= {("01", "道路不洁"), ("08", "违法占地"), ("07", "出租房屋安全隐患")}
    assert {"06", "07", "11"} <= {group for group, _ in named}


def test_what_is_settled_on_the_spot_is_small_and_proven() -> None:
    """GRID-03: nothing urgent, nothing without a place, always with a photo of the work done."""
    for town in read_config(ROOT / "config").towns:
        settled = [c for c in town.categories if c.self_settle]
        assert settled, town.brand.code
        assert all(c.after_photo and c.place_required and not c.emergency for c in settled)
        assert all(c.urgency != "urgent" for c in settled)


def test_the_second_town_is_another_town() -> None:
    first, second = read_config(ROOT / "config").towns
    assert first.brand.county_code == second.brand.county_code
    assert first.brand.product_name != second.brand.product_name
    assert not {c.code for c in first.categories} & {c.code for c in second.categories}


def test_one_town_can_be_read_alone(config: Path) -> None:
    assert [t.brand.code for t in read_config(config, only="xiwan").towns] == ["xiwan"]


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# file, what stands there, what is written instead, line, words of the sentence
FAULTS = [
    ("places.csv", "area,A2,西片区,dongwan", "area,A2,西片区", 3, "3 格，表头有 4 格"),
    ("places.csv", "village,V02,湾尾村,A2", "village,V02,湾尾村,A9", 5, "上级编码“A9”不存在"),
    ("places.csv", "village,V02,湾尾村,A2", "village,V02,湾尾村,G01", 5, "上级应当是 area"),
    ("places.csv", "grid,G02,", "grid,G01,", 7, "重复了，第 6 行已经用过"),
    ("places.csv", "grid,G02,第2网格", "grid,G02,", 7, "“name”没有填写"),
    ("places.csv", "grid,G02,", "grdi,G02,", 7, "“level”写的是“grdi”"),
    ("places.csv", "area,A1,", "area,甲 1,", 2, "只能用字母、数字"),
    ("places.csv", "level,code,name,parent", "level,code,name", 1, "表头缺少：parent"),
    (
        "units.csv",
        "urban,城管所,department,hall",
        "urban,城管所,department,nobody",
        3,
        "上级单位“nobody”不存在",
    ),
    (
        "units.csv",
        "v01,湾头村村委会,village,hall,V01",
        "v01,湾头村村委会,village,hall,V77",
        4,
        "地点编码“V77”",
    ),
    ("units.csv", "0632-0000002", "打电话给老王", 3, "不像电话号码"),
    ("staff.csv", "chengguan,城管甲,urban", "chengguan,城管甲,river", 7, "单位“river”"),
    ("town.toml", 'name = "东湾镇"', "name = 东湾镇", 9, "TOML 写法有误"),
    ("town.toml", 'code = "dongwan"', 'code = "dong"', 8, "和目录名“dongwan”不一致"),
    ("town.toml", "filing_number =", "fileing_number =", 12, "不认识的项“fileing_number”"),
    ("routing.toml", 'unit = "urban"', 'unit = "river"', 4, "单位“river”"),
    ("routing.toml", '"0101"', '"7777"', 9, "“7777”不存在"),
]


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), FAULTS)
def test_a_broken_line_is_named(config: Path, name: str, old: str, new: str, line: int, words: str) -> None:
    path = config / "towns" / "dongwan" / name
    _replace(path, old, new)
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    assert [str(p) for p in caught.value.problems if words in p.text and p.line == line and p.path == path], (
        str(caught.value)
    )


def test_all_faults_are_told_in_one_round(config: Path) -> None:
    town = config / "towns" / "dongwan"
    _replace(town / "places.csv", "grid,G02,第2网格,V01", "grid,G02,第2网格,V99")
    _replace(town / "units.csv", "urban,城管所,department", "urban,城管所,ministry")
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    assert {p.path.name for p in caught.value.problems} >= {"places.csv", "units.csv"}
    assert "什么都没有写入" in str(caught.value)


def test_a_category_that_demands_a_photo_says_why(config: Path) -> None:
    path = config / "towns" / "dongwan" / "categories.toml"
    text = path.read_text(encoding="utf-8")
    text += '\n[[categories]]\ncode = "9902"\nname = "新"\ngroup = "99"\nafter_photo = true\nbefore_photo = true\nself_settle = 1\nlimit = { amount = 0, unit = "week" }\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    words = str(caught.value)
    assert "after_photo_reason 里说明为什么" in words
    assert "before_photo_reason 里说明为什么" in words
    assert "self_settle" in words
    assert "应当是 1 到 366 之间的整数" in words
    assert "“unit”写的是“week”" in words


def test_the_last_rule_must_take_what_is_left(config: Path) -> None:
    path = config / "towns" / "dongwan" / "routing.toml"
    head, _, _ = path.read_text(encoding="utf-8").rpartition("[[rules]]")
    path.write_text(head, encoding="utf-8")
    with pytest.raises(ConfigProblems, match="最后一条规则不能带条件"):
        read_config(config)


def test_a_boundary_that_crosses_itself_is_named_with_its_feature(config: Path) -> None:
    path = config / "towns" / "dongwan" / "boundaries.geojson"
    _replace(
        path,
        "[[[117.22,35.0],[117.24,35.0],[117.24,35.02],[117.22,35.02],[117.22,35.0]]]}},",
        "[[[117.22,35.0],[117.24,35.02],[117.24,35.0],[117.22,35.02],[117.22,35.0]]]}},",
    )
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    assert any(p.line == 4 and "第 3 个要素(V02)：边界自己交叉了" in p.text for p in caught.value.problems)


BOUNDARY_FAULTS = [
    ('"crs":"gcj02",', "", 1, "必须写明坐标系"),
    ('"crs":"gcj02",', '"crs":"cgcs2000",', 1, "必须写明坐标系"),
    ('{"code":"G03"', '{"code":"G09"', 7, "在 places.csv 里没有"),
    ('{"code":"G03"', '{"code":"G09"', 0, "第3网格(G03) 没有边界"),
    ('{"code":"G02"', '{"code":"G01"', 5, "边界出现了两次"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), BOUNDARY_FAULTS)
def test_boundaries_and_places_fit_together(config: Path, old: str, new: str, line: int, words: str) -> None:
    path = config / "towns" / "dongwan" / "boundaries.geojson"
    _replace(path, old, new)
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    assert [p for p in caught.value.problems if words in p.text and p.line == line], str(caught.value)


def test_grids_may_not_overlap_nor_lie_outside_their_village(config: Path) -> None:
    path = config / "towns" / "dongwan" / "boundaries.geojson"
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert '"G02"' in lines[5]
    lines[5] = lines[5].replace("35.01", "35.005").replace("117.22", "117.23")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    words = str(caught.value)
    assert "网格 G01 与 G02 的边界重叠了" in words
    assert "第2网格(G02) 的边界有 33% 在上级 V01 之外" in words


def test_areas_without_a_boundary_are_the_union_of_their_parts(config: Path) -> None:
    town = read_config(config, only="dongwan").towns[0]
    area = town.place("A1")
    assert area.boundary is not None
    assert area.center == pytest.approx((117.21, 35.01))


def test_other_coordinate_systems_are_converted(config: Path) -> None:
    _replace(config / "towns" / "dongwan" / "boundaries.geojson", '"crs":"gcj02"', '"crs":"wgs84"')
    center = read_config(config, only="dongwan").towns[0].place("V01").center
    assert center == pytest.approx((117.2159, 35.0094), abs=0.0005)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,kind,name\n2027-02-30,holiday,某日\n", "日期“2027-02-30”不对"),
        ("date,kind,name\n1970-01-01,holiday,某日\n", "超出了"),
        ("date,kind,name\n2027-01-01,holiday,元旦\n2027-01-01,workday,元旦\n", "重复了"),
        ("date,kind,name\n2027-01-01,half,元旦\n", "只能是：holiday、workday"),
    ],
)
def test_a_wrong_holiday_is_named(config: Path, text: str, words: str) -> None:
    (config / "holidays.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigProblems) as caught:
        read_config(config)
    assert [p for p in caught.value.problems if words in p.text and p.line >= 2]


def test_a_spreadsheet_in_the_wrong_encoding_is_told_what_to_do(config: Path) -> None:
    path = config / "towns" / "dongwan" / "places.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(ConfigProblems, match="另存为“CSV UTF-8”"):
        read_config(config)


def test_a_spreadsheets_byte_order_mark_does_no_harm(config: Path) -> None:
    path = config / "towns" / "dongwan" / "places.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_config(config, only="dongwan").towns[0].places) == 10


def test_a_missing_file_and_an_empty_directory(config: Path, tmp_path: Path) -> None:
    (config / "towns" / "xiwan" / "units.csv").unlink()
    with pytest.raises(ConfigProblems, match=r"units\.csv: 缺少这个文件"):
        read_config(config)
    with pytest.raises(ConfigProblems, match="没有找到任何城镇"):
        read_config(tmp_path / "nothing")
    with pytest.raises(ConfigProblems, match="没有找到城镇“nowhere”"):
        read_config(config, only="nowhere")
