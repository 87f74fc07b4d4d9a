"""What can go wrong, as codes: an interface finds the words."""


class DomainError(Exception):
    """Anything a rule refuses."""


class NotFound(DomainError):
    """There is no such thing, or the viewer may not know of it."""


class NotAllowed(DomainError):
    """The viewer sees the thing but may not do that with it."""


class Invalid(DomainError):
    """A value cannot be taken as it is.

    `field` names it, `code` says why, `values` are what a sentence about it needs: a limit, say.
    """

    def __init__(self, field: str, code: str, **values: int | str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code
        self.values = values


class Conflict(DomainError):
    """The thing is no longer in the state the act needs; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooMany(DomainError):
    """The viewer, or their network, has done this too often of late."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"again in {retry_after_seconds} seconds")
        self.retry_after_seconds = retry_after_seconds
