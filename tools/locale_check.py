"""Every Chinese text that people see has a complete English one; ``make locale`` lists what lacks it.

Texts are found in Python by their calls (``gettext``, ``gettext_lazy``, ``ngettext``, ``pgettext``, the usual
``_``) and in templates through Django's own ``templatize``; English is looked for in any package's
``locale/en``, as Django merges them. So one text must have one English everywhere, and English for a text that
nothing says any more is named, too.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import template

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "bihuan"
# Call name → which arguments are (context, text, plural); None: not there.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
}
TEMPLATE_CALL = re.compile(r"""\b(_|n?p?gettext)\(((?:\s*u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),?)+)""")
TEMPLATE_TEXT = re.compile(r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Text:
    """One text to be translated and where it stands."""

    context: str | None
    text: str
    where: str


def texts_in_python(path: Path) -> Iterator[Text]:
    """Yield the constant texts of one module's translation calls."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in CALLS:
            continue
        context, text, _ = CALLS[name]
        values = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        if len(values) > text and isinstance(values[text], str):
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            yield Text(values[context] if context is not None else None, values[text], where)


def texts_in_template(path: Path) -> Iterator[Text]:
    """Yield the texts of one template."""
    code = template.templatize(path.read_text(), origin=str(path))
    for call in TEMPLATE_CALL.finditer(code):
        context, text, _ = CALLS[call[1]]
        values = [ast.literal_eval(part[1]) for part in TEMPLATE_TEXT.finditer(call[2])]
        line = code.count("\n", 0, call.start()) + 1
        where = f"{path.relative_to(ROOT)}:{line}"
        yield Text(values[context] if context is not None else None, values[text], where)


def all_texts() -> Iterator[Text]:
    """Yield every text of the source tree."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from texts_in_python(path)
    for path in sorted(SOURCE.rglob("templates/**/*")):
        if path.suffix in {".html", ".txt"}:
            yield from texts_in_template(path)


def english() -> tuple[dict[tuple[str | None, str], str], list[str]]:
    """Return all English texts by ``(context, Chinese)``, and what is wrong inside the files themselves."""
    found: dict[tuple[str | None, str], str] = {}
    places: dict[tuple[str | None, str], str] = {}
    wrong = []
    for path in sorted(SOURCE.rglob("locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale="en")
        for message in catalogue:
            if not message.id:
                continue
            where = f"{path.relative_to(ROOT)}:{message.lineno}"
            key = message.id[0] if isinstance(message.id, tuple) else message.id
            text = message.string[0] if isinstance(message.string, tuple) else message.string
            if message.fuzzy or not text:
                wrong.append(f"{where} 「{key}」没有英文 · not translated")
                continue
            if isinstance(message.id, str) and set(PLACEHOLDER.findall(key)) != set(PLACEHOLDER.findall(text)):
                wrong.append(f"{where} 「{key}」占位符与英文不一致 · placeholders differ")
            if found.setdefault((message.context, key), text) != text:
                wrong.append(f"{where} 「{key}」在别处另有英文 · has another English elsewhere")
            places.setdefault((message.context, key), where)
    used = {(text.context, text.text) for text in all_texts()} | {(None, text) for text in constants()}
    wrong += [f"{where} 「{key[1]}」没有地方用 · nothing says it" for key, where in places.items() if key not in used]
    return found, wrong


def constants() -> set[str]:
    """Return every text that stands in Python, whatever for: tables hold texts that are translated when shown."""
    return {
        node.value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def problems() -> list[str]:
    """Return one line for each text without English and each flaw of a catalogue."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    known, wrong = english()
    missing: dict[tuple[str | None, str], str] = {}
    for text in all_texts():
        if (text.context, text.text) not in known and any(ord(char) > 0x2E7F for char in text.text):
            missing.setdefault((text.context, text.text), text.where)
    return [*(f"{where} 「{text}」没有英文 · has no English" for (_, text), where in missing.items()), *wrong]


def main() -> int:
    """Print the problems; exit status 1 where there are some."""
    found = problems()
    for line in found:
        print(line)
    print(f"locale: {len(found)} 处缺少英文 · to mend" if found else "locale: 完整 · complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
