"""A phone's queue, taken in: each item in its order, by the use case that a page would call, and answered for itself.

An item that fails keeps none of the others back but those that name it. Visits that follow one another are written in
one transaction; should that fail as a whole, each is tried alone. The same id again is the same record, so that a
phone that does not know what arrived sends everything once more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from pydantic import ValidationError

from bihuan.api.rest.acts import now_of
from bihuan.api.rest.mistakes import problem_of, too_many_keys
from bihuan.api.rest.queued import KINDS, Data, FindingData, RecordData, VisitData
from bihuan.fieldwork.api import RecordedVisit, Sound, record_finding, record_visit, record_visits
from bihuan.fieldwork.models import Visit
from bihuan.kernel.api import (
    BadInput,
    Conflict,
    NotFound,
    Problem,
    Refused,
    already_many,
    find_files,
    parse_id,
    visible,
)
from bihuan.matters.api import Photo, advance, record
from bihuan.people.api import Actor

_log = logging.getLogger(__name__)
DONE, AGAIN, WAITING, CONFLICT, REFUSED = "done", "again", "waiting", "conflict", "refused"
IN = frozenset({DONE, AGAIN})


@dataclass(slots=True)
class Answer:
    """What became of one item."""

    id: str
    state: str = DONE
    problems: list[Problem] = field(default_factory=list)
    counted: bool | None = None
    not_counted: str = ""
    reason: str = ""  # why it does not count, in words
    matter_id: UUID | None = None
    number: str = ""
    now: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as it goes out."""
        told = [{"where": problem.field, "why": problem.why, "how": problem.how} for problem in self.problems]
        names = ("id", "state", "counted", "not_counted", "reason", "matter_id", "number", "now")
        return {name: getattr(self, name) for name in names} | {"problems": told}


@dataclass(slots=True)
class Item:
    """One item that can be read."""

    id: UUID
    data: Data
    needs: set[UUID]
    answer: Answer


def sync(*, actor: Actor, items: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Take a queue in; return the answers in its order.

    Args:
        actor: whose phone it is.
        items: each with ``id``, ``kind``, ``data`` and perhaps ``after``; what cannot be read is answered so.
    """
    answers = [Answer(str(given["id"])) for given in items]
    read = [_read(given, answer) for given, answer in zip(items, answers, strict=True)]
    return _Queue(actor, [item for item in read if item is not None], answers).run()


def _read(given: Mapping[str, Any], answer: Answer) -> Item | None:
    try:
        key = parse_id(given["id"])
        after = {parse_id(other, field="after") for other in given.get("after") or ()}
        if given["kind"] not in KINDS:
            raise BadInput(Problem("kind", _("不认识这类记录。"), _("请更新应用。")))
        if (problem := too_many_keys(given["data"])) is not None:
            raise BadInput(problem)
        data = KINDS[given["kind"]].model_validate(given["data"])
    except BadInput as error:
        answer.state, answer.problems = REFUSED, list(error.problems)
    except ValidationError as error:
        answer.state, answer.problems = REFUSED, [problem_of(found) for found in _first(error)]
    else:
        return Item(key, data, data.needs() | after, answer)
    return None


def _first(error: ValidationError) -> Iterable[Mapping[str, Any]]:
    return cast("Iterable[Mapping[str, Any]]", error.errors(include_url=False, include_input=False)[:20])


class _Queue:
    """One queue on its way in."""

    def __init__(self, actor: Actor, items: Sequence[Item], answers: list[Answer]) -> None:
        self.actor, self.items, self.answers = actor, items, answers
        self.kept = find_files({key for item in items for key in item.data.files()})
        self.told = {item.id: item.answer for item in items}
        self.told |= {key: answer for answer in answers if (key := _id_of(answer)) is not None and key not in self.told}
        elsewhere = {key for item in items for key in _must_be_in(item) if key not in self.told}
        self.missing = elsewhere - already_many(elsewhere)
        self.run_of_visits: list[Item] = []
        self.ahead = {item.id for item in items}  # whose turn has not come

    def run(self) -> list[Answer]:
        """Take one item after the other; visits are gathered until something else comes."""
        for item in self.items:
            if self.run_of_visits and (not isinstance(item.data, VisitData) or item.needs):
                self._write_visits()
            must_wait = self._must_wait(item)
            self.ahead.discard(item.id)
            if must_wait:
                continue
            if isinstance(item.data, VisitData):
                self.run_of_visits.append(item)
            else:
                _try(item, lambda item=item: self._other(item))  # type: ignore[misc]
                self._tell_now(item)
        self._write_visits()
        self._compare()
        return self.answers

    def _compare(self) -> None:
        """Keep on the phone what was written there after its visit had arrived: the answer was lost on the way."""
        again = {i.id: i for i in self.items if isinstance(i.data, VisitData) and i.answer.state == AGAIN}
        kept = _kept_texts(again) if again else ()
        for key, text in kept:
            answer = again[key].answer
            if text != visible(getattr(again[key].data, "text", "")):
                answer.state = CONFLICT
                why, how = _("这次走访早已收下，手机上的文字后来改过。"), _("请在民情日志里打开它，点“更正或撤回”。")
                answer.problems = [Problem("text", why, how)]

    def _must_wait(self, item: Item) -> bool:
        """Answer an item that names what has not come: a file, or another item that is not in."""
        wanted = item.data.files()
        if not wanted and not item.needs:
            return False
        problems = [
            Problem(f"{kind}s", _("有文件还没有传到。"), _("应用会先传文件，再传这一条。"))
            for kind in dict.fromkeys(kind for key, kind in wanted.items() if key not in self.kept)
        ]
        if any(self._is_out(key) for key in item.needs):
            problems.append(Problem("after", _("它所属的那一条还没有收下。"), _("请先处理那一条；这一条会接着发送。")))
        if problems:
            item.answer.state, item.answer.problems = WAITING, problems
            return True
        if any(self.kept[key].kind != kind for key, kind in wanted.items()):
            item.answer.state = REFUSED
            item.answer.problems = [Problem("photos", _("文件的种类不对。"), _("请重新选择文件。"))]
            return True
        return False

    def _is_out(self, key: UUID) -> bool:
        """Say whether what an item names is not in: not in the record, or of this queue and not taken in yet."""
        return key in self.missing or key in self.ahead or (key in self.told and self.told[key].state not in IN)

    def _write_visits(self) -> None:
        run, self.run_of_visits = self.run_of_visits, []
        if len(run) > 1:
            try:
                told = record_visits(actor=self.actor, visits=[self._visit(item) for item in run])
            except Exception:  # noqa: BLE001 - one that breaks the run must not keep the others out
                _log.exception("a run of %s visits failed; each is tried alone", len(run))
            else:
                for item, answer in zip(run, told, strict=True):
                    if isinstance(answer, Problem):
                        _try(item, lambda item=item: self._one_visit(item))  # type: ignore[misc]
                    else:
                        _recorded(item, answer)
                return
        for item in run:
            _try(item, lambda item=item: self._one_visit(item))  # type: ignore[misc]

    def _one_visit(self, item: Item) -> None:
        _recorded(item, record_visit(actor=self.actor, **self._visit(item)))

    def _visit(self, item: Item) -> dict[str, Any]:
        data = item.data
        given = {name: getattr(data, name) for name in data.model_fields_set if name not in {"photos", "sounds"}}
        sounds = [Sound(None, file_id=key) for key in getattr(data, "sounds", ())]
        return {**given, "id": item.id, "photos": self._photos(data.photos), "sounds": sounds}

    def _photos(self, ids: Iterable[UUID]) -> list[Photo]:
        return [Photo(None, self.kept[key].tag, key) for key in ids]

    def _other(self, item: Item) -> None:
        """Do what an item that is no visit asks for."""
        data, answer = item.data, item.answer
        given = {name: getattr(data, name) for name in data.model_fields_set if name != "photos"}
        photos = self._photos(data.photos)
        if isinstance(data, FindingData):
            found = record_finding(actor=self.actor, id=item.id, photos=photos, **given)
            answer.matter_id, answer.number, created = found.matter_id, found.display_number, found.created
        elif isinstance(data, RecordData):
            done = record(actor=self.actor, id=item.id, photos=photos, **given)
            answer.matter_id, answer.number, created = done.matter_id, done.display_number, done.created
        else:
            moved = advance(actor=self.actor, entry_id=item.id, photos=photos, **given)
            answer.matter_id, created = moved.matter_id, moved.created
        answer.state = DONE if created else AGAIN

    def _tell_now(self, item: Item) -> None:
        """Say what the matter is now, of an act on one that did not come to pass."""
        if item.answer.state not in {CONFLICT, REFUSED}:
            return
        matter_id = getattr(item.data, "matter_id", None) or getattr(item.data, "join", None)
        if matter_id is not None:
            item.answer.now = now_of(self.actor, matter_id)
            if item.answer.now is not None:
                item.answer.matter_id, item.answer.number = matter_id, item.answer.now["number"]


def _kept_texts(ids: Iterable[UUID]) -> Iterable[tuple[UUID, str]]:
    """Return the texts of visits nobody corrected; not of a household whose words are erased: nobody keeps those."""
    rows = Visit.objects.filter(pk__in=list(ids), version=1).exclude(pairing__isnull=False, pairing__masked_name="")
    return rows.values_list("pk", "text")


def _id_of(answer: Answer) -> UUID | None:
    """Return the id of an item that could not be read, where that much could."""
    try:
        return parse_id(answer.id)
    except BadInput:
        return None


def _must_be_in(item: Item) -> set[UUID]:
    """Return the records that an item names and that only the record itself can tell of: visits, what it is after."""
    known = {getattr(item.data, name, None) for name in ("join", "matter_id", "parent_id")}
    return {key for key in item.needs if key not in known}


def _recorded(item: Item, visit: RecordedVisit) -> None:
    item.answer.state = DONE if visit.created else AGAIN
    item.answer.counted, item.answer.not_counted, item.answer.reason = visit.counted, visit.not_counted, visit.why


def _try(item: Item, work: Callable[[], None]) -> None:
    """Do the work of one item; whatever goes wrong is its answer."""
    answer = item.answer
    try:
        work()
    except Conflict as error:
        answer.state, answer.problems = CONFLICT, list(error.problems)
    except (BadInput, Refused, NotFound) as error:
        answer.state, answer.problems = REFUSED, list(error.problems)
    except PermissionDenied as error:
        answer.state, answer.problems = REFUSED, [Problem("", str(error) or _("没有权限"))]
    except Http404:
        answer.state, answer.problems = REFUSED, [Problem("", _("没有找到，或者您没有查看的权限"))]
    except Exception:  # noqa: BLE001 - nor may a fault of ours keep a queue from going on
        _log.exception("item %s of a queue failed", item.id)
        answer.state = WAITING
        answer.problems = [Problem("", _("服务器出错，这一条没有收下。"), _("内容留在手机上，稍后会再发送。"))]
