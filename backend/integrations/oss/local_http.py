"""/files/: what OSS does for itself, done for the local store. Registered only when STORE=local.

GET /files/<token>/<name> opens a signed address; POST /files/upload takes the multipart upload of a ticket.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, send_file

from backend.integrations.oss.local import UPLOAD, URL_PREFIX, LocalStore
from backend.integrations.oss.protocol import ObjectMissing, UploadRefused
from backend.kernel.errors import AppError, Conflict, Forbidden, Invalid, NotFound, TooLarge
from backend.kernel.signing import BadToken, unsign


def make_files_blueprint(store: LocalStore) -> Blueprint:
    """The two routes of the local store, without a session and without a guard: the signature is the guard."""
    blueprint = Blueprint("files", __name__, url_prefix=URL_PREFIX)

    @blueprint.get("/<token>/<name>")
    def open_file(token: str, name: str) -> Response:
        return _open(store, token)

    @blueprint.post("/upload")
    def upload() -> Response:
        _accept(store)
        return jsonify(ok=True)

    return blueprint


def _open(store: LocalStore, token: str) -> Response:
    try:
        path = store.open_signed(token)
    except (BadToken, ObjectMissing):
        raise NotFound("file_gone", "图片链接已失效，请刷新页面再看。") from None
    answer = send_file(path, mimetype=store.content_type(path.name), conditional=True, max_age=600)
    answer.headers["Cache-Control"] = "private, max-age=600"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _accept(store: LocalStore) -> None:
    try:
        promise = unsign(UPLOAD, request.form.get("ticket", ""))
    except BadToken:
        raise Forbidden("ticket_bad", "上传凭证已过期或不对，请重新选择这张照片。") from None
    file = request.files.get("file")
    if file is None:
        raise Invalid("file_missing", "没有收到照片，请重新选择。", fields={"file": ["没有收到照片"]})
    data = file.stream.read(promise["max"] + 1)
    try:
        store.accept(
            request.form["ticket"], request.form.get("key", ""), request.form.get("Content-Type", ""), data
        )
    except UploadRefused as refused:
        raise _said(refused, promise["max"]) from None


def _said(refused: UploadRefused, most: int) -> AppError:
    """The sentence for what does not fit the ticket."""
    if refused.why == "used":
        return Conflict("already_uploaded", "这张照片已经传过了，不用再传。")
    if refused.why == "too_large":
        return TooLarge("photo_too_large", f"照片太大了，请选 {most // 1_000_000} MB 以内的。")
    if refused.why == "empty":
        sentence = "这张照片是空的，可能没有传完，请重新选择。"
        return Invalid("photo_empty", sentence, fields={"file": [sentence]})
    sentence = "这张上传凭证是给另一张照片的，请重新选择这张照片。"
    return Invalid("ticket_other_photo", sentence, fields={"file": [sentence]})
