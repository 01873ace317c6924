"""The registers of duties, of handing over and of volunteers: derived, masked, out to Excel."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from bihuan.activities.duties import api as duties
from bihuan.activities.models import Call
from bihuan.kernel.api import Refused, new_id
from bihuan.reporting.api import export_xlsx, open_register, register_lines
from tests.activities.conftest import Stage
from tests.activities.duty import ON, OVER, Watch, watch


@pytest.fixture
def team(world: Stage) -> Watch:
    made = watch(world)
    made.publish()
    with world.at(ON):
        made.note("council", proposal="请队员上门")
        made.note("council", text="电梯有异响", result="物业已来看")
        made.note("council", text="三号楼路灯不亮")
    with world.at(OVER):
        made.do("hand_over", duty_id=made.duty().pk, taker_id=made.council.pk, undone="钥匙在老地方")
    return made


def lines(team: Watch, key: str, who: str = "secretary") -> list[dict[str, Any]]:
    opened = open_register(team.world.actor(who), key)
    rows = register_lines(team.world.actor(who), opened).rows
    return [dict(zip(opened.titles(), row.cells, strict=True)) for row in rows]


def test_the_duty_log_says_what_was_noted_and_what_came_of_it(team: Watch) -> None:
    with team.world.at(OVER):
        call = Call.objects.get(text="三号楼路灯不亮")
        done = duties.call_to_matter(actor=team.world.actor("secretary"), id=new_id(), call_id=call.pk)
        found = {line["内容"]: line for line in lines(team, "duty")}
    first = found["三号楼一位老人想找人读信"]
    assert (first["姓名"], first["电话"], first["单位"]) == ("柳**", "138****5678", "三号楼")
    assert first["记录人"] == "赵**"
    assert found["电梯有异响"]["处理结果"] == "物业已来看"
    assert str(found["三号楼路灯不亮"]["处理结果"]).startswith(done.display_number)


def test_what_was_open_when_it_was_handed_over_stands_in_the_line_for_ever(team: Watch) -> None:
    with team.world.at(OVER):
        line = lines(team, "duty_handover")[0]
        said = line["未办事项"]
        assert sorted(said.split("；")) == ["三号楼一位老人想找人读信", "三号楼路灯不亮", "钥匙在老地方"]
        assert line["接班人"] == "赵**"
    with team.world.at(OVER.replace(hour=15)):
        team.do("settle_call", call_id=Call.objects.get(text="三号楼路灯不亮").pk, result="换了灯泡")
        assert lines(team, "duty_handover")[0]["未办事项"] == said


def test_what_volunteers_gave_is_one_line_each_and_adds_nobody_up(team: Watch) -> None:
    with team.world.at(OVER):
        team.do("publish_hours", team_id=team.team.pk)
        found = lines(team, "volunteering")
    assert [line["时长（小时）"] for line in found] == [2.0]
    assert found[0]["状态"] == "公示中"
    assert found[0]["姓名"].endswith("**")
    assert found[0]["证件"] is None


def test_they_go_out_as_people_know_them_with_no_name_and_no_telephone(team: Watch) -> None:
    actor = team.world.actor("secretary")
    for key in ("duty", "duty_handover", "volunteering"):
        to = io.BytesIO()
        assert export_xlsx(actor, open_register(actor, key), to) > 0
        sheet = openpyxl.load_workbook(to).active
        assert sheet is not None
        said = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        assert not any(word in said for word in ("柳春梅", "13800005678", "冯红姐", "张红姐", "赵师傅"))


def test_another_communitys_staff_open_none_of_it(team: Watch) -> None:
    with pytest.raises(Refused):
        open_register(team.world.actor("outsider"), "duty", team.team.area_code)
    assert lines(team, "duty", "outsider") == []
    assert lines(team, "volunteering", "outsider") == []
