"""Threads: a post, what it answers, and what answers it, as far as a reader may see it.

A page of a thread takes the same few statements however large the thread is: each finds the ids of
one part of it, bounded, and one more reads what all of them show.
"""

from microblog.domain.threads.focus import Focus, find
from microblog.domain.threads.places import DELETED, MUTED, SEEN, UNAVAILABLE, Place
from microblog.domain.threads.reading import Thread, read
from microblog.domain.threads.replies import COUNTED, DIRECT_REPLIES
from microblog.domain.threads.tree import Branch

__all__ = [
    "COUNTED",
    "DELETED",
    "DIRECT_REPLIES",
    "MUTED",
    "SEEN",
    "UNAVAILABLE",
    "Branch",
    "Focus",
    "Place",
    "Thread",
    "find",
    "read",
]
