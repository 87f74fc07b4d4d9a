"""Cases about guessing: nothing dodges the limits, and they are no weapon against an owner."""

from typing import Any

from microblog.web import limits
from tests.beside import application_beside
from tests.cast import PASSWORD
from tests.corpus.scene import Scene
from tests.visitor import Visitor

WRONG = {"identifier": "alice", "password": "wrong"}
# What one network may try for one account; see the rules in the domain.
LIMIT = 10
HOME = "192.0.2.1"
# Nobody answers there.
NO_REDIS = "redis://127.0.0.1:1/0"


def ratelimit_header(scene: Scene) -> None:
    """Guess under a new address for each try, as a header says: it is the same try."""
    name, _, value = scene.case.input["headers"].partition(": ")
    value = value.replace("<garbage>", "\xff, ::1, 1.2.3.4")
    visitor = scene.visitor()
    form = WRONG | {"csrf_token": visitor.token()}
    answers = [
        visitor.post_raw(
            "/auth/login", data=form, headers={name: value.replace("<n>", str(number))}
        ).status_code
        for number in range(scene.case.input["loop"])
    ]
    assert answers == [401] * LIMIT + [*scene.case.status] * (len(answers) - LIMIT)


def ratelimit_path(scene: Scene) -> None:
    """Guess under other spellings of the address: there is no such address, or it is the same."""
    answers = guesses(scene.visitor(), scene.case.input["loop"], scene.case.path)
    if {401, 429} & set(answers):
        assert answers == [401] * LIMIT + [429] * (len(answers) - LIMIT)
    assert all(scene.case.allows(answer) for answer in answers[LIMIT:])


def ratelimit_ipv6(scene: Scene) -> None:
    """Guess from a hundred addresses of one household."""

    def address(number: int) -> dict[str, str]:
        return {"REMOTE_ADDR": f"2001:db8:1:2:{number:x}::{number:x}"}

    visitor = scene.visitor()
    token = visitor.token()
    answers = [
        visitor.post_raw(
            "/auth/login", data=WRONG | {"csrf_token": token}, environ_overrides=address(number)
        ).status_code
        for number in range(100)
    ]
    assert answers == [401] * LIMIT + [*scene.case.status] * 90


def ratelimit_store(scene: Scene) -> None:
    """Use what is limited while Redis is away: people go on, and guessing stays limited."""
    with application_beside(scene.app, scene.folder, REDIS_URL=NO_REDIS) as beside:
        alice = Visitor.signed_in(beside, scene.cast.alice)
        forms: dict[str, dict[str, str]] = {
            "/posts": {"text": "Hello"},
            "/@carol/follow": {},
            "/settings/profile": {"display_name": "Al"},
            "/auth/reset": {"identifier": "bob"},
        }
        for path, form in forms.items():
            scene.assert_answered(alice.post(path, form))
        answers = guesses(Visitor(beside), LIMIT + 1)
    assert answers == [401] * LIMIT + [429]


def lockout_dos(scene: Scene) -> None:
    """Guess a thousand times from everywhere; the owner signs in where they have been before."""
    owner = scene.visitor()
    scene.assert_answered(log_in(owner))
    owner.post("/auth/logout")
    for number in range(100):
        address = {"REMOTE_ADDR": f"203.0.{number}.1"}
        with scene.app.test_request_context("/auth/login", environ_overrides=address):
            for _ in range(10):
                limits.count_failed_sign_in("alice")
    assert log_in(scene.visitor(), "198.51.100.7").status_code == 429
    scene.assert_answered(log_in(owner))


def log_in(visitor: Visitor, address: str = HOME) -> Any:
    """Log in as Alice from an address."""
    form = {"identifier": "alice", "password": PASSWORD}
    return visitor.post("/auth/login", form, environ_overrides={"REMOTE_ADDR": address})


def guesses(visitor: Visitor, times: int, path: str = "/auth/login") -> list[int]:
    """Return what a number of guesses are answered."""
    form = WRONG | {"csrf_token": visitor.token()}
    return [visitor.post_raw(path, data=form).status_code for _ in range(times)]


RUNNERS = {
    "ratelimit-header": ratelimit_header,
    "ratelimit-path": ratelimit_path,
    "ratelimit-ipv6": ratelimit_ipv6,
    "ratelimit-store": ratelimit_store,
    "lockout-dos": lockout_dos,
}
