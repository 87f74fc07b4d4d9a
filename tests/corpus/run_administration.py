"""Cases about admins: what they may ask for, and whom they send away."""

from functools import partial
from urllib.parse import urlencode

from microblog.domain import administration
from tests import make
from tests.cast import PASSWORD
from tests.corpus.scene import Scene
from tests.snapshot import snapshot


def disabled_account(scene: Scene) -> None:
    """Suspend somebody who is there, and have them try whatever is open to them."""
    mallory = make.account(scene.db, "mallory")
    browser = scene.browser(mallory)
    form = {"csrf_token": browser.token(), "text": "I am still here"}
    assert browser.get("/updates?after=0").status_code == 200
    act = partial(administration.suspend, by=scene.cast.alice, account_id=mallory.id)
    scene.db.write(act)
    before = snapshot(scene.db)
    scene.assert_answered(browser.get("/updates?after=0"))
    for path in ("/posts", "/@bob/follow", "/settings/profile", "/settings/preferences"):
        # As a script asks: a browser without one is led to the login instead.
        asked = browser.open(path, method="POST", data=form, headers={"HX-Request": "true"})
        scene.assert_answered(asked)
        assert browser.open(path, method="POST", data=form).location.startswith("/auth/login")
    assert snapshot(scene.db) == before
    scene.assert_answered(browser.log_in("mallory", PASSWORD))
    assert not browser.is_logged_in


def field_filter(scene: Scene) -> None:
    """Have an admin filter and sort people by what no page shows."""
    alice = scene.browser()
    assert alice.get("/admin/accounts?q=a").status_code == 200
    asked = scene.case.input["query"]
    for query in (asked, *({name: value} for name, value in asked.items())):
        response = alice.get(f"/admin/accounts?{urlencode(query)}")
        scene.assert_answered(response)
        assert "@ex.com" not in response.text


RUNNERS = {"disabled-account": disabled_account, "field-filter": field_filter}
