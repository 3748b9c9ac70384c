"""The state of the system for one page: what needs a person stands first, with what to do.

Read from the database, the disk and the settings; nothing here calls outside.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from backend.administration import ports
from backend.administration.sheet_cells import local
from backend.audit import queries as audit
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.settings import settings
from backend.media.models import MediaFile
from backend.outbox import queries as outbox
from backend.outbox import timers
from backend.outbox.models import DEAD, IN_DOUBT, PENDING, OutboxJob, PeriodicRun
from backend.vault import queries as vault
from backend.workflow import holidays

#: act: somebody has to do something · watch: look again · fine
ACT, WATCH, FINE = "act", "watch", "fine"
_ORDER = {ACT: 0, WATCH: 1, FINE: 2}
LEAST_FREE = 0.10
OLD_BACKUP = timedelta(hours=36)
OLD_RESTORE = timedelta(days=100)
MOST_LAG = 300.0
#: tenths of the space of sealed letters
NEARLY_FULL = 8
MESSAGES = "message"


@dataclass
class Check:
    """One thing to know: how it stands, in a sentence, and what to do about it."""

    code: str
    label: str
    level: str
    sentence: str
    advice: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def overview(town_id: int) -> dict[str, Any]:
    """Every check, those that need a person first, and the lists behind them."""
    checks = [look(town_id) for look in _CHECKS]
    checks.sort(key=lambda check: _ORDER[check.level])
    return {
        "checks": [
            vars(check) | {"facts": [{"label": k, "value": v} for k, v in check.facts]} for check in checks
        ],
        "jobs": periodic_jobs(),
        "resting": [_resting(job) for job in outbox.at_rest(50)],
        "at": now(),
    }


def _workers(town_id: int) -> Check:
    alive = [w for w in outbox.workers() if w.seen_at > now() - outbox.WORKER_GONE]
    facts = [
        (w.name.partition(":")[0], f"{w.threads} 个线程，{local(w.started_at)} 启动，做完 {w.done} 件")
        for w in alive
    ]
    if not alive:
        return Check(
            "workers", "后台进程", ACT, "没有后台进程在运行：消息不发送、期限不提醒、导入导出不进行。",
            "请启动它：systemctl start town-worker，或运行 flask outbox run。",
        )  # fmt: skip
    return Check("workers", "后台进程", FINE, f"{len(alive)} 个后台进程在运行。", facts=facts)


def _outbox(town_id: int) -> Check:
    found = outbox.stats()
    facts = [
        ("等待", str(found.counts[PENDING])),
        ("到期未做", str(found.due)),
        ("没有做成", str(found.counts[DEAD])),
        ("结果不明", str(found.counts[IN_DOUBT])),
        ("最久已等", f"{found.lag_seconds:.0f} 秒"),
    ]
    stuck = [job for job in outbox.at_rest(50) if not job.kind.startswith(MESSAGES)]
    if found.paused_channels:
        return Check(
            "outbox", "后台任务", ACT, f"通道暂停：{'、'.join(found.paused_channels)}。",
            "多半是密钥不对、次数用完或平台不通，它会自己再试。请核对微信设置。", facts,
        )  # fmt: skip
    if stuck:
        return Check(
            "outbox", "后台任务", ACT, f"有 {len(stuck)} 个后台任务没有做成。",
            "看下面的原因，处理后重试；确定不需要的，写明理由放弃。", facts,
        )  # fmt: skip
    if found.lag_seconds > MOST_LAG:
        return Check(
            "outbox", "后台任务", WATCH, f"任务积压，最久的等了 {found.lag_seconds / 60:.0f} 分钟。",
            "看后台进程是否在运行，数据库是否太慢。", facts,
        )  # fmt: skip
    return Check("outbox", "后台任务", FINE, "没有积压，没有做不成的。", facts=facts)


def _messages(town_id: int) -> Check:
    found = ports.failures(town_id)
    facts = [("发送失败", str(found.failed)), ("结果不明", str(found.in_doubt))]
    if found.failed or found.in_doubt:
        return Check(
            "messages", "消息投递", WATCH, f"有 {found.failed + found.in_doubt} 条消息没有送到或结果不明。",
            "在“消息投递”里看原因，可以重发。", facts,
        )  # fmt: skip
    return Check("messages", "消息投递", FINE, "没有发送失败的消息。", facts=facts)


def _templates(town_id: int) -> Check:
    found = ports.templates()
    if found is None:
        return Check(
            "templates", "消息模板", WATCH, "还没有和微信平台核对过模板。", "后台进程启动后会核对，每天一次。"
        )
    facts = [("核对时间", local(found.checked_at))]
    if found.problems:
        return Check(
            "templates", "消息模板", ACT, f"有 {len(found.problems)} 处和微信平台不一致，这些消息会被拒绝。",
            "按 config/wechat_templates.toml 在微信后台改好模板。", [*facts, *(("问题", p) for p in found.problems[:10])],
        )  # fmt: skip
    if found.unreadable:
        return Check(
            "templates",
            "消息模板",
            WATCH,
            "上次没能读到平台的模板。",
            f"平台没有应答（{found.unreadable}），后台进程会再核对。",
            facts,
        )
    return Check("templates", "消息模板", FINE, "和微信平台一致。", facts=facts)


def _storage(town_id: int) -> Check:
    held, size = db.session.execute(
        select(func.count(), func.coalesce(func.sum(MediaFile.size), 0)).where(
            MediaFile.state.in_(("ready", "attached"))
        )
    ).one()
    facts = [("照片", f"{held:,} 张"), ("占用", _bytes(int(size or 0)))]
    if settings().store == "oss":
        return Check(
            "storage", "照片存储", FINE, "照片存在 OSS。", facts=[*facts, ("存储桶", settings().oss_bucket)]
        )
    return _disk("storage", "照片存储", settings().data_dir, "照片存在本机磁盘。", facts)


def _disk(code: str, label: str, folder: Path, sentence: str, facts: list[tuple[str, str]]) -> Check:
    usage = shutil.disk_usage(folder)
    facts = [*facts, ("磁盘剩余", f"{_bytes(usage.free)}（{usage.free / usage.total:.0%}）")]
    if usage.free < usage.total * LEAST_FREE:
        return Check(
            code,
            label,
            ACT,
            f"磁盘只剩 {usage.free / usage.total:.0%}。",
            "请清理或扩大磁盘，写满后不能再上报。",
            facts,
        )
    return Check(code, label, FINE, sentence, facts=facts)


def _database(town_id: int) -> Check:
    if db.engine.dialect.name == "sqlite":
        pages = db.session.execute(text("PRAGMA page_count")).scalar_one()
        size = int(pages) * int(db.session.execute(text("PRAGMA page_size")).scalar_one())
        return _disk(
            "database", "数据库", settings().data_dir, "SQLite，适合试用。", [("大小", _bytes(size))]
        )
    size = db.session.execute(
        text(
            "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables"
            " WHERE table_schema = DATABASE()"
        )
    ).scalar_one()
    version = db.session.execute(text("SELECT VERSION()")).scalar_one()
    return Check(
        "database",
        "数据库",
        FINE,
        "数据库正常。",
        facts=[("大小", _bytes(int(size or 0))), ("版本", str(version))],
    )


def _backups(town_id: int) -> Check:
    folder = settings().backup_dir
    advice = "设置 BACKUP_DIR，并启用 town-backup.timer（deploy/backup）。"
    try:
        copies = sorted(p for p in folder.iterdir() if _COPY.fullmatch(p.name) and p.is_dir())
        tried = folder / "RESTORED"
        tried_at = datetime.fromtimestamp(tried.stat().st_mtime, UTC) if tried.is_file() else None
    except OSError:
        return Check("backups", "备份", ACT, f"读不到备份目录 {folder}，不知道有没有备份。", advice)
    if not copies:
        return Check("backups", "备份", ACT, "一份备份也没有。", advice, [("目录", str(folder))])
    return _judged(copies, tried_at)


_COPY = re.compile(r"20\d{6}T\d{6}Z")


def _judged(copies: list[Path], tried_at: datetime | None) -> Check:
    """How old the last copy is, and when one was last restored."""
    made = datetime.strptime(copies[-1].name, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    size = sum(f.stat().st_size for f in copies[-1].iterdir() if f.is_file())
    facts = [
        ("最近一份", local(made)),
        ("大小", _bytes(size)),
        ("共有", f"{len(copies)} 份"),
        ("上次恢复验证", local(tried_at) or "没有记录"),
    ]
    if now() - made > OLD_BACKUP:
        said, advice = f"最近一份备份是 {local(made)}，太旧了。", "看 town-backup.timer 为什么没有运行。"
        return Check("backups", "备份", ACT, said, advice, facts)
    if tried_at is None or now() - tried_at > OLD_RESTORE:
        said, advice = (
            "备份按时，但很久没有验证过能不能恢复。",
            "用 deploy/restore 恢复到一个空库看看：没有恢复过的备份不算备份。",
        )
        return Check("backups", "备份", WATCH, said, advice, facts)
    return Check("backups", "备份", FINE, "备份按时，也验证过能恢复。", facts=facts)


def _holidays(town_id: int) -> Check:
    last, year = holidays.covered_until(), today().year
    facts = [("放假安排到", f"{last} 年")]
    if last < year:
        return Check(
            "holidays",
            "放假安排",
            ACT,
            f"{last + 1}年的放假安排还没有导入，期限会算错。",
            "在“放假安排”里整年填写或导入。",
            facts,
        )
    late = last == year and today().month >= 11
    if late:
        return Check(
            "holidays",
            "放假安排",
            WATCH,
            f"{year + 1}年的放假安排还没有导入。",
            "国务院一般在十一月公布，公布后请导入。",
            facts,
        )
    return Check("holidays", "放假安排", FINE, f"放假安排到 {last} 年。", facts=facts)


def _seals(town_id: int) -> Check:
    found = audit.seals_state(now())
    facts = [
        ("封存", f"{found['seals']} 次"),
        ("最近", local(found["last_at"]) or "还没有"),
        ("未封存", f"{found['unsealed']} 条"),
    ]
    if found["late"]:
        return Check(
            "seals", "日志封存", WATCH, "操作日志超过半小时没有封存。", "看后台进程是否在运行。", facts
        )
    return Check("seals", "日志封存", FINE, "操作日志按时封存，改动会被发现。", facts=facts)


def _letters(town_id: int) -> Check:
    """How full the space of sealed letters is; in tenths only, so that no single letter is seen to come."""
    tenths = vault.space_taken(town_id) * 10 // (settings().vault_space_mb * 1024 * 1024)
    facts = [
        ("可用空间", _bytes(settings().vault_space_mb * 1024 * 1024)),
        ("已用", f"约{tenths}成" if tenths else "不到一成"),
    ]
    advice = "调大 VAULT_SPACE_MB，并确认数据库所在磁盘够用。信件由专办人员处理，管理员看不到也不能删。"
    if tenths >= 10:
        said = "存放加密信件的空间满了，群众现在寄不出检举控告信件。"
        return Check("vault", "加密信件空间", ACT, said, advice, facts)
    if tenths >= NEARLY_FULL:
        return Check("vault", "加密信件空间", WATCH, "存放加密信件的空间快满了。", advice, facts)
    return Check("vault", "加密信件空间", FINE, "存放加密信件的空间够用。", facts=facts)


_CHECKS: tuple[Callable[[int], Check], ...] = (
    _workers, _outbox, _messages, _templates, _storage, _database, _backups, _holidays, _seals, _letters,
)  # fmt: skip

JOB_LABELS = {
    "audit.seal": "封存操作日志",
    "idempotency.forget": "清理防重复编号",
    "outbox.prune": "清理已完成的任务",
    "sessions.purge": "清理过期登录",
    "sheets.purge": "清理导入导出文件",
    "templates.check": "核对消息模板",
    "trials.forget": "清理规则试运行",
    "viewers.forget": "清理浏览标记",
    "followers.sync": "同步公众号关注者",
    "content.overdue": "催办超时的内容复核",
    "vault.tell": "提醒专办人员",
    "login_log.forget": "清理登录日志",
    "media.purge": "删除没有用上的照片",
    "media.sweep": "清理临时上传",
    "retention.run": "按保存期限清理",
    "subscriptions.digests": "发送每日汇总",
    "care.plan": "排定上门走访",
    "neighbours.expire": "到期的邻里互助收起来",
    "notices.remind": "提醒该公开的事项",
    "finance.purge": "清理导入和打印文件",
    "common_ground.forget": "议题结束后清除表态",
    "petition_files.purge": "清理没有用上的信访附件",
    "polls.close": "意见征询到期收票",
    "polls.stir": "打乱选票存放顺序",
    "report_cards.make": "生成月度公报",
}


def periodic_jobs() -> list[dict[str, Any]]:
    """Work that comes back: when it was done last, how long it took, when it is due, what went wrong."""
    runs = {run.name: run for run in db.session.execute(select(PeriodicRun)).scalars()}
    waiting: dict[str, OutboxJob] = {}
    for job in db.session.execute(
        select(OutboxJob)
        .where(OutboxJob.kind == timers.KIND, OutboxJob.state.in_((PENDING, "leased")))
        .order_by(OutboxJob.due_at.desc())
    ).scalars():
        waiting[str(job.payload["name"])] = job
    return [_periodic(one, runs.get(one.name), waiting.get(one.name)) for one in timers.registered()]


def _periodic(one: timers.Periodic, run: PeriodicRun | None, job: OutboxJob | None) -> dict[str, Any]:
    failing = bool(job is not None and job.attempts and job.last_error)
    failed = (
        run is not None and run.failed_at is not None and (run.done_at is None or run.failed_at > run.done_at)
    )
    return {
        "name": one.name,
        "label": JOB_LABELS.get(one.name, ""),
        "every_seconds": one.every_seconds,
        "done_at": run.done_at if run is not None else None,
        "took_ms": run.took_ms if run is not None else None,
        "next_at": job.due_at if job is not None else None,
        "failed": failing or failed,
        "failure": (
            job.last_error
            if job is not None and failing
            else run.failure
            if run is not None and failed
            else None
        ),
    }


def _resting(job: OutboxJob) -> dict[str, Any]:
    """A job that came to rest. Its payload is not shown: it may name people."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "state_label": "没有做成" if job.state == DEAD else "结果不明",
        "attempts": job.attempts,
        "error": job.last_error,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "is_message": job.kind.startswith(MESSAGES),
    }


def _bytes(size: int) -> str:
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} B"
