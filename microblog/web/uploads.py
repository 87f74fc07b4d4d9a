"""Uploading pictures for a post: by a script one after the other, or with the composer's form."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required
from werkzeug.datastructures import FileStorage

from microblog import capacity
from microblog.domain import media, posts
from microblog.domain.errors import Invalid, TooMany
from microblog.domain.media import MAX_PICTURES, Upload
from microblog.domain.viewer import Viewer
from microblog.files.images import BadImage, Picture, make_picture
from microblog.ids import parse
from microblog.web import limits
from microblog.web.composing import Written, edit_page, page
from microblog.web.context import database, require_viewer, services
from microblog.web.pictures import ShownPicture, shown_picture
from microblog.web.sentences import sentence, too_often

blueprint = Blueprint("uploads", __name__)

_FIELD = "file"


@blueprint.post("/media")
@login_required
def create() -> ResponseReturnValue:
    """Keep the pictures of the form, or remove one; the composer comes back with all it held.

    A script that asks for JSON gets the new part of the composer, or why there is none.
    """
    by, written = require_viewer(), Written.sent()
    if request.accept_mimetypes.best == "application/json":
        return _answer_script(by, written)
    show = _composer(by)
    try:
        written = with_uploads(by, _without_removed(by, written))
    except Invalid as error:
        return show(written, errors={error.field: sentence(error)}), 422
    except TooMany as error:
        retry_after = {"Retry-After": str(error.retry_after_seconds)}
        return show(written, errors={"pictures": too_often(error)}), 429, retry_after
    return show(written, is_unsaved=True)


def with_uploads(by: Viewer, written: Written) -> Written:
    """Return what was written with the pictures of files that came along with the form.

    **Raises** Invalid, TooMany.
    """
    room = MAX_PICTURES - len(written.attachment_ids)
    added = _keep(by, [file for file in request.files.getlist(_FIELD) if file.filename], room)
    return replace(written, attachment_ids=(*written.attachment_ids, *added))


def _composer(by: Viewer) -> Callable[..., str]:
    """Return what shows the composer: that of a new post, or of the one that is edited."""
    asked = request.args.get("post")
    if asked is None:
        return page
    with database().read() as session:
        post_id = posts.get_own(session, by=by, post_id=parse(asked) or 0).id
    return partial(edit_page, post_id)


def _answer_script(by: Viewer, written: Written) -> ResponseReturnValue:
    try:
        kept = _without_removed(by, written)
        added = with_uploads(by, kept).attachment_ids[len(kept.attachment_ids) :]
    except Invalid as error:
        return jsonify(error=sentence(error)), 422
    except TooMany as error:
        retry_after = {"Retry-After": str(error.retry_after_seconds)}
        return jsonify(error=too_often(error)), 429, retry_after
    with database().read() as session:
        pictures = media.list_own(session, by=by, attachment_ids=added)
    shown = [shown_picture(picture) for picture in pictures]
    return jsonify(html=_part(shown))


def _part(pictures: list[ShownPicture]) -> str:
    upload_to = request.full_path.rstrip("?")
    return render_template(
        "_composer_picture.html", pictures=pictures, errors={}, upload_to=upload_to
    )


def _without_removed(by: Viewer, written: Written) -> Written:
    """Delete the picture whose button was pressed, if it is one of the viewer's."""
    removed = parse(request.form.get("remove", ""))
    if removed is None:
        return written
    database().write(lambda session: media.remove(session, by=by, attachment_id=removed))
    left = tuple(id_ for id_ in written.attachment_ids if id_ != removed)
    return replace(written, attachment_ids=left)


def _keep(by: Viewer, files: list[FileStorage], room: int) -> list[int]:
    """Make pictures of all files, or of none; return their ids."""
    if len(files) > room:
        raise Invalid("pictures", "pictures_many", maximum=MAX_PICTURES)
    made = [_make(file) for file in files]
    stored: list[str] = []
    try:
        uploads = [_store(picture, stored) for picture in made]
        return database().write(
            lambda session: [media.add(session, by=by, upload=upload) for upload in uploads]
        )
    except BaseException:
        for name in stored:
            services().storage.delete(name)
        raise


def _make(file: FileStorage) -> Picture:
    limits.count_picture()
    try:
        with capacity.heavy_work():
            return make_picture(file.read())
    except BadImage as error:
        raise Invalid("pictures", error.code) from None


def _store(picture: Picture, stored: list[str]) -> Upload:
    """Store both files of a picture, and note their names as soon as they are there."""
    full, preview = picture
    for each in picture:
        stored.append(services().storage.put(each.data, ".webp", is_gated=True))
    file, small = stored[-2:]
    return Upload(file, full.width, full.height, small, preview.width, preview.height)
