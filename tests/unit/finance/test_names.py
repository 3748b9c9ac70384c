"""Persons in what a village publishes; words that only look like names stay."""

from __future__ import annotations

import pytest

from backend.finance.names import (
    looked_for,
    masked_counterpart,
    masked_name,
    masked_persons,
    masked_text,
    names_in,
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张某"),
        ("李建国", "李某某"),
        ("欧阳小红", "欧阳某某"),
        ("欧阳红", "欧阳某"),
        ("吐尔逊·买买提", "吐某某"),
        ("John", "J***"),
    ],
)
def test_the_surname_stays(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("李建国、王秀英", "李某某、王某某"),
        ("会计李建国", "会计李某某"),
        ("村委会", "村委会"),
        ("南沙河镇财政所", "南沙河镇财政所"),
        ("李建国 13812345678", "李某某 ○○○○○○○○○○○"),
        ("", ""),
    ],
)
def test_who_handles_is_masked_and_an_office_is_not(written: str, shown: str) -> None:
    assert masked_persons(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("王建国", "王某某"),
        ("王建国等12人", "王某某等12人"),
        ("村民王建国（电工）", "村民王某某（电工）"),
        ("张庄建材店", "张庄建材店"),
        ("王村", "王村"),
        ("滕州市安信工程有限公司", "滕州市安信工程有限公司"),
        ("农行", "农行"),
        ("全体村民", "全体村民"),
        ("李某某", "李某某"),
    ],
)
def test_whom_it_went_to_is_masked_when_it_is_a_person(written: str, shown: str) -> None:
    assert masked_counterpart(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("支付李建国误工费", "支付李某某误工费"),
        ("收张伟鱼塘承包费", "收张某鱼塘承包费"),
        ("慰问五保户王秀英", "慰问五保户王某某"),
        ("借给张伟民200", "借给张某某200"),
        ("付路灯电费", "付路灯电费"),
        ("路灯电费", "路灯电费"),
        ("支付高速路口保洁费", "支付高速路口保洁费"),
        ("赵铁柱家门前修路", "赵某某家门前修路"),
        ("村口安装路灯，联系13812345678", "村口安装路灯，联系○○○○○○○○○○○"),
    ],
)
def test_names_in_the_words_are_masked(written: str, shown: str) -> None:
    """The sheet names 张伟 somewhere else: he is masked wherever he stands."""
    assert masked_text(written, looked_for({"张伟", "张伟民"})) == shown


def test_names_are_gathered_without_their_titles() -> None:
    said = dict.fromkeys(("words", "note"), "") | {
        "handler": "会计李建国", "witness": "王秀英、村委会", "approver": "", "counterpart": "张伟，路灯",
    }  # fmt: skip
    assert names_in(said) == {"李建国", "王秀英", "张伟"}
