"""What can go wrong with a mail: for now, or for good."""


class MailError(Exception):
    """A mail could not be sent; trying again later may help."""


class Undeliverable(MailError):
    """A mail will never arrive: its address is refused, or it is none."""
