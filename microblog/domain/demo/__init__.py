"""The demo: a small community to look at, and large data to measure with.

What it leaves behind is what an ordinary server would have: every counter right, every timeline
filled as the worker fills it.
"""

from microblog.domain.demo.community import fill_community
from microblog.domain.demo.crowd import LargePlan
from microblog.domain.demo.large import Progress, fill_large
from microblog.domain.demo.report import DemoReport

__all__ = ["DemoReport", "LargePlan", "Progress", "fill_community", "fill_large"]
