"""The only writers of the vault: a letter comes in, readers make keys and take steps.

Nothing here can open anything: text, attachments, answers and the words of every step arrive sealed.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from backend.audit import services as audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.settings import settings
from backend.outbox.services import insert_once
from backend.places.queries import town_by_code
from backend.vault import policy, queries
from backend.vault.access import SUBJECT, get_letter_for, town_of
from backend.vault.models import VaultAct, VaultFile, VaultKey, VaultLetter, VaultWrap, timeless_id
from backend.vault.states import RECEIVED, STATE_LABELS, STEPS, Step

CLOSED = "本镇暂时没有能打开加密信件的专办人员，这里不能收信。请拨打 12388，或登录 www.12388.gov.cn 反映。"
FULL = (
    "本镇存放加密信件的空间满了，这封信现在收不下，您写的内容还在。可以去掉附件再试一次，也可以拨打 12388，"
    "或登录 www.12388.gov.cn 反映。"
)
KEYS_CHANGED = "专办人员的密钥刚刚有变化，请再提交一次。您写的内容还在。"
MB = 1024 * 1024
#: scrypt's N; what a console of ours takes is 2^17
LEAST_COST = 2**15
#: nonce, tag and the 32 bytes
SECRET_BYTES = 24 + 16 + 32
NAMED = "不能交给被检举的单位或它的下属单位（《信访工作条例》第三十条）。请交给别的单位，或按管理权限移送上级机关。"


def take_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a sealed letter; nothing of who sent it, and of when only the day (Shanghai).

    A phone that sends the same again is given the same answer, without an idempotency row: the
    receipt is the key. Raises Conflict `vault_closed` without readers, `keys_changed` when one of the
    keys is in use no more, `receipt_taken` for another content under the same receipt, `vault_full`
    when the town's letters would take more than they may.
    """
    town = town_by_code(given["town"])
    earlier = db.session.scalars(
        select(VaultLetter).where(VaultLetter.receipt == given["receipt"]).with_for_update()
    ).first()
    if earlier is not None:
        if (earlier.town_id, earlier.content) != (town.id, given["content"]):
            raise Conflict("receipt_taken", "这个查询码已经用过，请重新生成后再提交。")
        return _receipt(earlier)
    _demand_current(given["wraps"], {key.id for key in queries.active_keys(town.id)})
    space = len(given["content"]) + sum(map(len, given["files"]))
    if queries.space_taken(town.id) + space > settings().vault_space_mb * MB:
        raise Conflict("vault_full", FULL)
    letter = VaultLetter(
        id=timeless_id(),
        town_id=town.id,
        received_on=today(),
        state=RECEIVED,
        version=1,
        receipt=given["receipt"],
        answer_key=given["answer_key"],
        content=given["content"],
        space=space,
    )
    db.session.add(letter)
    db.session.flush()
    for position, sealed in enumerate(given["files"]):
        db.session.add(VaultFile(letter_id=letter.id, position=position, sealed=sealed))
    for wrap in given["wraps"]:
        db.session.add(VaultWrap(letter_id=letter.id, **wrap))
    db.session.flush()
    return _receipt(letter)


def _demand_current(wraps: Sequence[Mapping[str, Any]], active: Collection[int]) -> None:
    if not active:
        raise Conflict("vault_closed", CLOSED)
    wanted = [wrap["key_id"] for wrap in wraps]
    if len(set(wanted)) != len(wanted) or not set(wanted) <= set(active):
        raise Conflict("keys_changed", KEYS_CHANGED)


def _receipt(letter: VaultLetter) -> dict[str, Any]:
    return {
        "received_on": letter.received_on,
        "state": letter.state,
        "state_label": STATE_LABELS[letter.state],
    }


def add_key(actor: Actor, public_key: str, wrapped: str) -> VaultKey:
    """A reader's new key. The first of a town is in use at once; after that somebody has to confirm it.

    So one who takes over a reader's account reads no letter by making a key. Raises Conflict for a
    key that is there already.
    """
    town_id = town_of(actor)
    _demand_wrapped(wrapped)
    if db.session.scalars(select(VaultKey.id).where(VaultKey.public_key == public_key)).first() is not None:
        raise Conflict("key_known", "这把密钥已经登记过了。")
    waits = bool(queries.active_keys(town_id))
    key = VaultKey(
        town_id=town_id,
        staff_id=actor.id,
        public_key=public_key,
        wrapped=wrapped,
        state="waiting" if waits else "active",
        made_at=now(),
    )
    db.session.add(key)
    db.session.flush()
    audit.record(actor, "vault.key_add", SUBJECT, key.id, {"state": key.state})
    return key


def confirm_key(actor: Actor, key_id: int) -> None:
    """Vouch for a key whose fingerprint was compared. Raises Conflict unless it waits and the actor may."""
    key = _key_of_town(actor, key_id)
    holders = {one.staff_id for one in queries.active_keys(key.town_id)}
    if key.state != "waiting" or not policy.may_confirm(actor.id, key.staff_id, holders):
        raise Conflict("not_yours_to_confirm", "新密钥要由另一位已有密钥的专办人员核对指纹后确认。")
    key.state, key.confirmed_by = "active", actor.id
    audit.record(actor, "vault.key_confirm", SUBJECT, key.id)


def change_passphrase(actor: Actor, key_id: int, wrapped: str) -> VaultKey:
    """The same private half under a new passphrase, wrapped anew in the browser. Own keys only: NotFound."""
    key = _key_of_town(actor, key_id)
    if key.staff_id != actor.id or key.state == "retired":
        raise NotFound
    _demand_wrapped(wrapped)
    key.wrapped = wrapped
    audit.record(actor, "vault.key_passphrase", SUBJECT, key.id)
    return key


def retire_key(actor: Actor, key_id: int) -> None:
    """Seal nothing to this key any more: one's own, or a colleague's for a reader with a key in use.

    What lies under it stays readable with it. Once all of that is sealed to another key of the same
    holder too, its wraps and the wrapped private half are deleted. Raises Conflict for one who may not.
    """
    key = _key_of_town(actor, key_id)
    holders = {one.staff_id for one in queries.active_keys(key.town_id)}
    if key.staff_id != actor.id and actor.id not in holders:
        raise Conflict("no_key_of_your_own", "请先登记您自己的密钥，再停用别人的。")
    if key.state != "retired":
        key.state, key.retired_at = "retired", now()
        audit.record(actor, "vault.key_retire", SUBJECT, key.id)
    db.session.flush()
    if _covered(key):
        db.session.execute(delete(VaultWrap).where(VaultWrap.key_id == key.id))
        key.wrapped = ""


def _covered(key: VaultKey) -> bool:
    others = (
        select(VaultWrap.letter_id)
        .join(VaultKey, VaultKey.id == VaultWrap.key_id)
        .where(VaultKey.staff_id == key.staff_id, VaultKey.state == "active")
    )
    left = (
        select(func.count())
        .select_from(VaultWrap)
        .where(VaultWrap.key_id == key.id, VaultWrap.letter_id.not_in(others))
    )
    return not db.session.execute(left).scalar_one()


def act(actor: Actor, letter_id: int, action: str, given: Mapping[str, Any]) -> VaultLetter:
    """Take a step with a letter. What is said of it comes sealed under the letter's own key.

    Raises NotFound out of reach, Conflict when somebody was faster or the state does not allow it,
    Invalid when the receiver is named in the letter or stands below who is (XF 30 ¶3), or a part lacks.
    """
    letter, _ = get_letter_for(actor, letter_id, lock=True)
    step = STEPS.get(action)
    if step is None:
        raise NotFound
    if letter.version != given["version"]:
        raise Conflict("changed_meanwhile", "这封信刚刚有了新的处理，请刷新后再试。您写的内容还在。")
    if letter.state not in step.sources:
        raise Conflict("wrong_state", f"信件现在是“{STATE_LABELS[letter.state]}”，不能{step.label}。")
    _demand_parts(step, given)
    if action in {"transfer", "share"}:
        _give(actor, letter, action, given)
    db.session.add(
        VaultAct(
            letter_id=letter.id,
            action=action,
            staff_id=actor.id,
            at=now(),
            sealed=given["sealed"],
            for_sender=given["for_sender"] if action == "answer" else "",
        )
    )
    letter.state, letter.version = step.to or letter.state, letter.version + 1
    db.session.flush()
    audit.record(actor, f"vault.{action}", SUBJECT, letter.id)  # not to whom: that is sealed
    return letter


def _demand_parts(step: Step, given: Mapping[str, Any]) -> None:
    if step.action == "answer" and not given["for_sender"]:
        raise Invalid("answer_missing", "请写答复。", fields={"for_sender": ["必填"]})
    if step.action == "share" and not given["wraps"]:
        raise Invalid("reader_missing", "请选择交给哪位专办人员。", fields={"wraps": ["必填"]})
    if step.action in {"transfer", "share"} and given["named_unit_ids"] is None:
        raise Invalid(
            "named_missing",
            "请先说明被检举的是哪个单位；不是本镇单位的，选“不是本镇的”。",
            fields={"named_unit_ids": ["必填"]},
        )


def _give(actor: Actor, letter: VaultLetter, action: str, given: Mapping[str, Any]) -> None:
    """Let further keys open the letter. Which units are named is looked at here and kept nowhere."""
    tree = queries.parents(letter.town_id)
    barred = policy.named_and_below(given["named_unit_ids"], tree)
    unit_id = given["to_unit_id"] if action == "transfer" else None
    if unit_id is not None and unit_id not in tree:
        raise Invalid("unit_unknown", "没有找到这个单位。", fields={"to_unit_id": ["没有找到"]})
    if unit_id in barred:
        raise Invalid("named_unit", NAMED, fields={"to_unit_id": [NAMED]})
    keys = {key.id: key for key in queries.active_keys(letter.town_id)}
    _demand_current(given["wraps"], keys.keys())
    units = queries.units_of({keys[wrap["key_id"]].staff_id for wrap in given["wraps"]})
    for wrap in given["wraps"]:
        its_unit = units[keys[wrap["key_id"]].staff_id]
        if its_unit in barred:
            raise Invalid("named_unit", NAMED, fields={"wraps": [NAMED]})
        if action == "transfer" and its_unit != unit_id:
            raise Invalid("not_of_unit", "这位专办人员不在接收单位。", fields={"wraps": ["不在接收单位"]})
        row = {"letter_id": letter.id, **wrap}
        db.session.execute(insert_once(VaultWrap, row, "letter_id", "key_id"))


def _key_of_town(actor: Actor, key_id: int) -> VaultKey:
    key = db.session.execute(
        select(VaultKey)
        .where(VaultKey.id == key_id, VaultKey.town_id == town_of(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if key is None:
        raise NotFound
    return key


def _demand_wrapped(wrapped: str) -> None:
    """Refuse a private half that is not wrapped as the console does it, above all one that is in clear."""
    try:
        parts = json.loads(wrapped)
        cost, salt, box = int(parts["n"]), bytes.fromhex(parts["salt"]), binascii.a2b_base64(parts["box"])
        sound = parts.keys() == {"kdf", "n", "r", "p", "salt", "box"} and parts["kdf"] == "scrypt"
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise Invalid("wrapped_wrong", "私钥没有用口令加密好，请刷新页面再试。") from error
    if not sound or cost < LEAST_COST or len(salt) < 16 or len(box) != SECRET_BYTES:
        raise Invalid("wrapped_wrong", "私钥没有用口令加密好，请刷新页面再试。")
