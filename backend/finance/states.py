"""The two states of a sheet, and those of a job of the worker."""

from __future__ import annotations

OPEN, SEALED = "open", "sealed"
SHEET_LABELS = {OPEN: "填写中", SEALED: "已定稿"}

QUEUED, RUNNING, DONE, REFUSED, FAILED = "queued", "running", "done", "refused", "failed"
WAITING = (QUEUED, RUNNING)
JOB_LABELS = {
    QUEUED: "排队中",
    RUNNING: "进行中",
    DONE: "已完成",
    REFUSED: "有错误，什么都没有写入",
    FAILED: "没有成功，什么都没有写入",
}

IMPORT, PRINT = "import", "print"
