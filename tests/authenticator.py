"""An authenticator on somebody's phone, and the paper with their recovery codes."""

import pyotp

from microblog import clock
from microblog.db import Database
from microblog.domain import second_factor
from microblog.domain.viewer import Viewer


class Authenticator:
    """Shows codes. It keeps to the time it was made at, so that no test depends on the second."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._totp = pyotp.TOTP(secret)
        self._step = self._totp.timecode(clock.now())
        self.recovery_codes: list[str] = []

    @classmethod
    def of(cls, db: Database, person: Viewer) -> "Authenticator":
        """Return the authenticator of a person who switches the second factor on with it.

        Its first code is used up by that; the next one works, also when its time is still to come.
        """
        authenticator = cls(db.write(lambda session: second_factor.begin(session, person)))
        authenticator.recovery_codes = db.write(
            lambda session: second_factor.switch_on(session, person, authenticator.code())
        )
        return authenticator

    def code(self, later: int = 0) -> str:
        """Return the code that is shown at that time, or so many steps later."""
        return self._totp.generate_otp(self._step + later)
