"""Fetch from other servers, guarded so that nobody turns it against our network; knows no post."""

from microblog.outgoing.fetch import Fetched, OutgoingError, ask, fetch

__all__ = ["Fetched", "OutgoingError", "ask", "fetch"]
