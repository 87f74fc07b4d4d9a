"""Administration: what admins see of accounts, registrations, jobs and the server, and do to them.

Every act is recorded in the security log within its own transaction, and asks again whether its
admin is one.
"""

from microblog.domain.administration.accounts import (
    STATES,
    ManagedAccount,
    find_hidden,
    get_account,
    list_accounts,
)
from microblog.domain.administration.jobs import (
    Job,
    drop_job,
    get_job,
    list_parked,
    list_waiting_mails,
    retry_job,
)
from microblog.domain.administration.logs import LogLine, list_log
from microblog.domain.administration.registrations import (
    WaitingRegistration,
    accept,
    list_waiting,
    refuse,
)
from microblog.domain.administration.roles import demote, promote
from microblog.domain.administration.second_factors import reset_second_factor
from microblog.domain.administration.settings import edit_server
from microblog.domain.administration.suspending import restore, suspend

__all__ = [
    "STATES",
    "Job",
    "LogLine",
    "ManagedAccount",
    "WaitingRegistration",
    "accept",
    "demote",
    "drop_job",
    "edit_server",
    "find_hidden",
    "get_account",
    "get_job",
    "list_accounts",
    "list_log",
    "list_parked",
    "list_waiting",
    "list_waiting_mails",
    "promote",
    "refuse",
    "reset_second_factor",
    "restore",
    "retry_job",
    "suspend",
]
