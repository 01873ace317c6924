"""``bihuan verify | prove | erase-expired | sweep-files | backup | restore``: the record, checked and kept."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from uuid import UUID

import click

from bihuan.cli import cli
from bihuan.kernel.api import BadInput, NotFound, Refused, erase_expired, left_over, parse_id, prove, sweep_files
from bihuan.kernel.api import verify as verify_record

_MOST_LINES = 50


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@click.option("--subject", help="只核验一个主体，如 matter:<编号> · one subject only")
@click.option("--files", is_flag=True, help="连同照片文件一起核验 · read every photo, too")
def verify(*, as_json: bool, subject: str | None, files: bool) -> None:
    """核验全部记录：哈希、链、密封、日根。Check every hash, chain, commitment and day root; exit 1 on a flaw."""
    if files and subject:
        raise click.UsageError("--files 核验全部照片，不能与 --subject 同用。--files checks all: no --subject.")
    progress = sys.stderr.isatty() and not as_json

    def told(count: int) -> None:
        if progress:
            click.echo(f"\r{count:,} …", nl=False, err=True)

    report = verify_record(_subject(subject), told, files=files)
    if progress:
        click.echo("\r", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        click.echo(
            f"{report.subjects:,} 个主体，{report.entries:,} 条记录，{report.sealed:,} 项密封内容"
            f"（其中 {report.erased:,} 项已按期删除），{report.days:,} 个日根，用时 {report.seconds:.1f} 秒。"
        )
        click.echo(
            f"{report.subjects:,} subjects, {report.entries:,} entries, {report.sealed:,} sealed values "
            f"({report.erased:,} erased), {report.days:,} day roots in {report.seconds:.1f} s."
        )
        if files:
            click.echo(f"{report.files:,} 张照片。{report.files:,} photos.")
        for flaw in report.flaws[:_MOST_LINES]:
            click.echo(f"✗ {flaw}")
        click.echo("✓ 记录完好。The record is sound." if report.ok else f"✗ {report.flaw_count:,} 处不符 · flaws")
    if not report.ok:
        sys.exit(1)


@cli.command("prove")
@click.argument("entry_id")
def prove_command(*, entry_id: str) -> None:
    """打印一条记录的包含证明（JSON）。Print an entry's inclusion proof in its day's published root."""
    try:
        proof = prove(parse_id(entry_id))
    except (BadInput, NotFound) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(proof.as_dict()))
    if not proof.holds():
        raise click.ClickException("证明不成立：当日记录已被改动。The proof does not hold: the day was changed.")


@cli.command("erase-expired")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def erase_expired_command(*, as_json: bool) -> None:
    """删除已到保存期限的个人信息；链仍可核验。Erase personal data past its term; the chain stays valid."""
    count = erase_expired()
    click.echo(json.dumps({"erased": count}) if as_json else f"已删除 {count:,} 项。Erased {count:,} values.")


@cli.command("sweep-files")
@click.option("--dry-run", is_flag=True, help="只列出，不删除 · list, delete nothing")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def sweep_files_command(*, dry_run: bool, as_json: bool) -> None:
    """删除没有任何记录指向的照片文件（超过一天）。Delete photo files, older than a day, that no row names."""
    paths = list(left_over())
    count = len(paths) if dry_run else sweep_files()
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "files": count}))
        return
    if dry_run:
        for path in paths:
            click.echo(path)
    click.echo(f"{count:,} 个文件。{count:,} files {'to delete' if dry_run else 'deleted'}.")


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="连同密钥一起备份 · put the keys in, too")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def backup(*, file: Path, with_secrets: bool, as_json: bool) -> None:
    """备份数据库和照片到一个文件；可在运行中进行。Back up database and photos into one file, while running."""
    from bihuan.kernel.backup import make_backup

    file.resolve().parent.mkdir(parents=True, exist_ok=True)
    try:
        made = make_backup(file.resolve(), with_secrets=with_secrets)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(made.as_dict(), ensure_ascii=False))
        return
    click.echo(f"已备份 {made.entries:,} 条记录、{made.files:,} 个文件到 {made.path}（{made.bytes:,} 字节）。")
    if with_secrets:
        click.echo("注意：备份中含有密钥，请像保管密钥一样保管它。The keys are in it: guard it like them.")
    else:
        click.echo(
            "密钥不在备份中：请另外保管 BIHUAN_PERSONAL_DATA_KEY，否则加密内容无法读取。"
            "The keys are not in it: keep BIHUAN_PERSONAL_DATA_KEY elsewhere, or what is encrypted stays unreadable."
        )


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="替换已有的记录 · replace the records that are there")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def restore(*, file: Path, force: bool, as_json: bool) -> None:
    """用备份恢复，随后核验；请先停止网站。Restore a backup, then verify it; stop the site first."""
    from bihuan.kernel.backup import restore_backup

    try:
        done = restore_backup(file.resolve(), force=force)
    except (BadInput, Refused) as error:
        raise click.ClickException(str(error)) from error
    report = verify_record()
    if as_json:
        click.echo(json.dumps({**done.as_dict(), "verify": report.as_dict()}, ensure_ascii=False))
    else:
        click.echo(f"已恢复 {report.entries:,} 条记录、{done.files:,} 个文件。Restored.")
        click.echo("✓ 记录完好。The record is sound." if report.ok else f"✗ {report.flaw_count:,} 处不符 · flaws")
    if not done.same_key:
        click.echo(
            "当前的 BIHUAN_PERSONAL_DATA_KEY 与备份时不同，加密的内容读不出来；备份若含密钥，见其中 secrets/ 文件夹。"
            "The key differs from the backup's: what is encrypted cannot be read. A backup made with keys holds them "
            "under secrets/.",
            err=True,
        )
    if not report.ok:
        sys.exit(1)


def _subject(text: str | None) -> tuple[str, UUID] | None:
    if text is None:
        return None
    kind, colon, key = text.partition(":")
    try:
        return kind, UUID(key)
    except ValueError:
        raise click.BadParameter("写成 matter:<编号>。Write it as matter:<id>.", param_hint="--subject") from None
