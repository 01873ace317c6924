"""The permissions of the site: what a role may be granted within its area.

What may be *done* with one matter in one step is the method's to say; these keys decide what may be seen
and which rooms of the house may be entered. ``TITLES`` names each in Chinese and English, for the page of
roles and for the reason of a refusal.
"""

from __future__ import annotations

MATTER_READ = "matter.read"
MATTER_RECORD = "matter.record"
MATTER_PERSONAL = "matter.personal"
MATTER_MIGRATE = "matter.migrate"
LEDGER_READ = "ledger.read"
LEDGER_EXPORT = "ledger.export"
EXPORT_READ = "export.read"
MAP_READ = "map.read"
MEETING_READ = "meeting.read"
MEETING_CALL = "meeting.call"
VISIT_READ = "visit.read"
VISIT_RECORD = "visit.record"
VISIT_REVIEW = "visit.review"
ROUND_READ = "round.read"
PLACE_EDIT = "place.edit"
PAIRING_READ = "pairing.read"
PAIRING_MANAGE = "pairing.manage"
ACTIVITY_READ = "activity.read"
ACTIVITY_MANAGE = "activity.manage"
METHOD_READ = "method.read"
METHOD_EDIT = "method.edit"
METHOD_PUBLISH = "method.publish"
AREA_READ = "area.read"
AREA_IMPORT = "area.import"
PEOPLE_READ = "people.read"
PEOPLE_MANAGE = "people.manage"
RECORD_VERIFY = "record.verify"
LEDGER_IMPORT = "ledger.import"
FIGURE_READ = "figure.read"
FORM_FILL = "form.fill"
BULLETIN_READ = "bulletin.read"
BULLETIN_WRITE = "bulletin.write"
BULLETIN_SIGN = "bulletin.sign"
INTERFACE_MANAGE = "interface.manage"

TITLES: dict[str, tuple[str, str]] = {
    MATTER_READ: ("查看事项", "see matters"),
    MATTER_RECORD: ("代群众登记事项", "record matters for other people"),
    MATTER_PERSONAL: ("查看事项中的个人信息", "read the personal data in matters"),
    MATTER_MIGRATE: ("把事项转到新版工作法", "move matters to a new version of their method"),
    LEDGER_READ: ("查看台账", "see ledgers"),
    LEDGER_EXPORT: ("导出台账", "export ledgers"),
    EXPORT_READ: ("查看导出记录", "see who exported what"),
    MAP_READ: ("查看工作地图", "see the work map"),
    MEETING_READ: ("查看会议", "see meetings"),
    MEETING_CALL: ("召集会议", "call meetings"),
    VISIT_READ: ("查看民情日志", "read visits and field diaries"),
    VISIT_RECORD: ("记录走访巡查", "record visits and rounds"),
    VISIT_REVIEW: ("点评民情日志", "answer field diaries"),
    ROUND_READ: ("查看巡访覆盖", "see what the rounds cover"),
    PLACE_EDIT: ("维护巡访地点", "keep the places of the rounds"),
    PAIRING_READ: ("查看结对帮扶", "see paired households"),
    PAIRING_MANAGE: ("管理结对帮扶", "pair units with households"),
    ACTIVITY_READ: ("查看活动", "see activities"),
    ACTIVITY_MANAGE: ("组织活动", "hold activities"),
    METHOD_READ: ("查看工作法", "see work methods"),
    METHOD_EDIT: ("编辑工作法", "edit work methods"),
    METHOD_PUBLISH: ("发布工作法", "publish work methods"),
    AREA_READ: ("查看区域和楼门码", "see areas and door codes"),
    AREA_IMPORT: ("导入区域", "import areas"),
    PEOPLE_READ: ("查看人员和岗位", "see people and posts"),
    PEOPLE_MANAGE: ("管理人员、岗位和账号", "manage people, posts and accounts"),
    RECORD_VERIFY: ("核验记录", "verify the record"),
    LEDGER_IMPORT: ("导入旧台账", "bring old ledgers in"),
    FIGURE_READ: ("查看指标和看板", "see figures and the cockpit"),
    FORM_FILL: ("填报上级表格", "fill superiors' forms"),
    BULLETIN_READ: ("查看简报、公示草稿", "see drafts of bulletins and notices"),
    BULLETIN_WRITE: ("起草简报、公示和公文", "write bulletins, notices and documents"),
    BULLETIN_SIGN: ("签发简报、公示和公文", "sign bulletins, notices and documents off"),
    INTERFACE_MANAGE: ("管理接口密钥和推送", "manage API keys and webhooks"),
}

ALL = frozenset(TITLES)
