"""How often what may be tried."""

from datetime import timedelta

from microblog.domain.attempts.counting import Rule

# Wrong passwords for one account from one network, from everywhere, and for all from one network.
SIGN_IN_HERE = Rule("sign_in_here", 10, timedelta(minutes=15))
SIGN_IN_EVERYWHERE = Rule("sign_in_everywhere", 100, timedelta(hours=1))
SIGN_IN_NETWORK = Rule("sign_in_network", 30, timedelta(minutes=15))
# Wrong codes of a second factor, whose passwords were right.
CODE = Rule("code", 10, timedelta(minutes=15))
# Mails with a link: to one account, and asked for from one network.
RESET_ACCOUNT = Rule("reset_account", 3, timedelta(hours=1))
RESET_NETWORK = Rule("reset_network", 10, timedelta(hours=1))
REGISTRATION = Rule("registration", 10, timedelta(hours=1))
# Mails that somebody gets because others type their address. Not those with a link of their own: of
# these a stranger must not be able to use up the last.
UNASKED = Rule("unasked", 3, timedelta(days=1))
