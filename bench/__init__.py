"""The benchmark: makes data, loads the real server, and writes docs/performance.md.

`python -m bench` runs all of it; `python -m bench.profile home` shows where a page's time goes.
It knows the commands, as an operator does, and the domain; the package knows nothing of it.
"""
