"""Attempts: how often what can be guessed, or what costs others, was tried of late.

They are counted in the database, so that the numbers hold across processes and restarts. A window
begins with its first try and ends when it is over: further tries never make it longer, so nobody
keeps somebody else out by going on.
"""

from microblog.domain.attempts.counting import Rule, Try, forget, hit, sweep, wait_for
from microblog.domain.attempts.rules import (
    CODE,
    REGISTRATION,
    RESET_ACCOUNT,
    RESET_NETWORK,
    SIGN_IN_EVERYWHERE,
    SIGN_IN_HERE,
    SIGN_IN_NETWORK,
    UNASKED,
)
from microblog.domain.attempts.signing_in import (
    SignIn,
    count_failed_sign_in,
    forget_failed_sign_in,
    has_failed_sign_in,
    identify,
    let_in_again,
    wait_for_sign_in,
)

__all__ = [
    "CODE",
    "REGISTRATION",
    "RESET_ACCOUNT",
    "RESET_NETWORK",
    "SIGN_IN_EVERYWHERE",
    "SIGN_IN_HERE",
    "SIGN_IN_NETWORK",
    "UNASKED",
    "Rule",
    "SignIn",
    "Try",
    "count_failed_sign_in",
    "forget",
    "forget_failed_sign_in",
    "has_failed_sign_in",
    "hit",
    "identify",
    "let_in_again",
    "sweep",
    "wait_for",
    "wait_for_sign_in",
]
