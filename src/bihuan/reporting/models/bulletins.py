"""Bulletins, public notices, role models and official documents: written, checked, signed, published."""

from __future__ import annotations

from django.db import models


class Bulletin(models.Model):
    """A text with figures and lists as they were when it was filled; its chain of entries says who did what."""

    PERSONAL_DATA = {
        "author_id": "who wrote it",
        "signer_id": "who signed it off",
        "rules_json": "of minutes: who was there, officers by name, residents masked; of documents: who signs",
        "consents_json": "who is told of and how they agreed; erased with the text when they no longer wish it",
    }

    class Kind(models.TextChoices):
        """What it is."""

        BULLETIN = "bulletin", "简报"
        NOTICE = "notice", "公示"
        MODEL = "model", "身边榜样"
        DOCUMENT = "document", "公文"

    class State(models.TextChoices):
        """Draft, checked, signed, published, withdrawn."""

        DRAFT = "draft", "草稿"
        CHECKED = "checked", "已核对"
        SIGNED = "signed", "已签发"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True, editable=False)  # the id of the entry that began it
    kind = models.CharField(max_length=12, choices=Kind.choices)
    template = models.CharField(max_length=60, default="")
    area_code = models.CharField(max_length=21)
    number = models.CharField(max_length=40, default="")  # 文号, given when it is signed
    code = models.CharField(max_length=20, default="")  # 机关代字: what numbers run under
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=120)
    blocks_json = models.JSONField()  # paragraphs, headings, lists, tables: as printed
    figures_json = models.JSONField(default=dict)  # each number with the question it answers, for drilling
    rules_json = models.JSONField(default=dict)  # what its template says of issuer, signing, window; as it was begun
    consents_json = models.JSONField(default=list)  # of a role model: who agreed, how and when
    form = models.CharField(max_length=12, default="gongwen")  # gongwen, xinhan, jiyao: how it is printed
    to = models.CharField(max_length=200, default="")  # 主送
    copies = models.CharField(max_length=200, default="")  # 抄送
    subject_type = models.CharField(max_length=20, default="")  # a meeting whose results it publishes
    subject_id = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    author_id = models.UUIDField(null=True)
    signer_id = models.UUIDField(null=True)
    window_from = models.DateField(null=True)  # 公示期
    window_until = models.DateField(null=True)
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)  # of a notice: when its outcome was told
    outcome = models.TextField(default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)  # why it was withdrawn
    version = models.PositiveIntegerField(default=1)
    head_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area_code", "code", "year", "serial"], name="bulletin_number")]
        indexes = [
            models.Index(fields=["area_code", "-created_at", "-id"], name="bulletin_area"),
            models.Index(
                fields=["kind", "-published_at", "-id"], name="bulletin_public", condition=models.Q(state="published")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """What somebody says against a notice while its window is open; and the answer. Texts and contact are sealed."""

    PERSONAL_DATA = {
        "person_id": "who objects, when signed in",
        "follow_hash": "hash of the secret link by which they read the answer",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="objections")
    person_id = models.UUIDField(null=True)
    follow_hash = models.BinaryField(max_length=32, null=True, db_index=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)  # did it change the result?

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.created_at}"
