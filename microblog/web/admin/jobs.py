"""What the worker has given up on."""

from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from microblog.domain import administration
from microblog.web.admin.acts import perform
from microblog.web.admin.lists import beside, moment
from microblog.web.admin.words import job_words, mail_words
from microblog.web.context import database, require_viewer
from microblog.web.pages import asked_page, render
from microblog.web.redirects import came_from, redirect_back

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Show what is not tried any more."""
    asked = asked_page()
    with database().read() as session:
        found = administration.list_parked(session, by=require_viewer(), page=asked)
    return render(
        "admin/jobs.html",
        active="admin",
        section="jobs",
        title=_("Jobs"),
        jobs=found.items,
        is_first=asked.is_first,
        job_words=job_words,
        mail_words=mail_words,
        moment=moment,
        **beside(found),
    )


@blueprint.post("/<id:job_id>/retry")
def retry(job_id: int) -> ResponseReturnValue:
    """Have a job tried again."""
    perform(administration.retry_job, job_id=job_id)
    flash(_("It is tried again."), "success")
    return redirect_back(came_from(), url_for("admin.jobs.index"))


@blueprint.post("/<id:job_id>/drop")
def drop(job_id: int) -> ResponseReturnValue:
    """Give a job up for good."""
    perform(administration.drop_job, job_id=job_id)
    flash(_("It is dropped."), "success")
    return redirect_back(came_from(), url_for("admin.jobs.index"))
