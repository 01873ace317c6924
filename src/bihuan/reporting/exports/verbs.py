"""The verbs of what was taken out, each with a sentence in both languages."""

from __future__ import annotations

from bihuan.kernel.api import register_verb

VERBS: dict[str, tuple[str, str]] = {
    "export.taken": ("{actor}导出了{what}，共 {rows} 行", "{actor} exported {what}: {rows} rows"),
    "export.begun": ("{actor}开始导出{what}", "{actor} began to export {what}"),
    "export.finished": ("导出完毕，共 {rows} 行", "Exported whole: {rows} rows"),
    "export.broken_off": ("导出中途断开，已发出 {rows} 行", "The export broke off after {rows} rows"),
}


def register() -> None:
    """Register every verb; called once at start."""
    for key, (zh, en) in VERBS.items():
        register_verb(key, zh=zh, en=en)
