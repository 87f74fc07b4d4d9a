"""One typed door to the regex package, for patterns that name Unicode properties."""

import re
from typing import cast

import regex


def unicode_pattern(source: str) -> re.Pattern[str]:
    r"""Compile a pattern that may use `\p{...}`, `\X` and set arithmetic.

    **Shape** Verbose: white space and comments outside character sets are not part of it.
    **Source** Version 1 behaviour of the regex package, whose objects have the methods of `re`.
    """
    return cast("re.Pattern[str]", regex.compile(source, regex.VERSION1 | regex.VERBOSE))
