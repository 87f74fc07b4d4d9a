"""The worker: follows up what the outbox holds, and does the periodic work.

It knows the domain and no interface.
"""

from microblog.worker.running import Worker

__all__ = ["Worker"]
