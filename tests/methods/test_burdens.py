"""What a method may ask but should not: photos for their own sake, quotas, marks, profiles. Warned of, not refused."""

from __future__ import annotations

import pytest

from bihuan.methods.api import lint

from .samples import assert_told, short, small

BAD = [
    (
        "burden-photo",
        ("        填写: {cost: 可填}", "        填写: {cost: 可填}\n        照片: {after: 1}"),
        "照片",
        "steps.doing.actions.finish.evidence.after",
        "一定要照片",
    ),
    (
        "burden-location",
        ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 小数}\n  spot: {标题: 打卡定位}"),
        "spot",
        "fields.spot",
        "定位",
    ),
    (
        "burden-quota",
        ("来源: 测试", "来源: 测试\n说明: 网格员每人每月上报不少于 10 件问题"),
        "说明",
        "note",
        "规定上报数量",
    ),
    (
        "burden-ranking",
        (
            "  cost: {标题: 花费, 类型: 小数}",
            "  cost: {标题: 花费, 类型: 小数}\n  marks: {标题: 网格员得分, 类型: 整数}",
        ),
        "marks",
        "fields.marks",
        "打分",
    ),
    (
        "burden-id-number",
        ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 小数}\n  card: {标题: 身份证号}"),
        "card",
        "fields.card",
        "证件号码",
    ),
    (
        "burden-no-purpose",
        (
            "  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别, 保存期限: 365 天}",
            "  title: {标题: 标题, 敏感程度: 个人信息, 保存期限: 365 天}",
        ),
        "title: {",
        "fields.title",
        "没有写用途",
    ),
    (
        "burden-no-retention",
        (
            "  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别, 保存期限: 365 天}",
            "  title: {标题: 标题, 敏感程度: 个人信息, 用途: 识别}",
        ),
        "title: {",
        "fields.title",
        "没有写保存期限",
    ),
    (
        "burden-profile",
        ("  cost: {标题: 花费, 类型: 小数}", "  cost: {标题: 花费, 类型: 小数}\n  level: {标题: 居民风险等级}"),
        "level",
        "fields.level",
        "画像",
    ),
]


@pytest.mark.parametrize(("code", "change", "where", "path", "said"), BAD, ids=short)
def test_a_burden_is_warned_of_where_what_and_how_to_mend(
    code: str, change: tuple[str, str], where: str, path: str, said: str
) -> None:
    assert_told(code, change, where, path, said)


def test_a_photo_with_a_reason_is_no_burden() -> None:
    text = small(
        ("        填写: {cost: 可填}", "        填写: {cost: 可填}\n        照片: {after: {至少: 1, 理由: 标准要求}}")
    )
    assert lint(text) == []
