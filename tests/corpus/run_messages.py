"""Cases about private messages: whoever guesses where one is finds nothing there."""

from tests import make
from tests.corpus.scene import Scene
from tests.snapshot import snapshot

SECRET = "Nobody else must know"


def dm_idor(scene: Scene) -> None:
    """Ask for a conversation of others, by every address and with every verb that there is."""
    cast = scene.cast
    sent = make.message(scene.db, cast.alice, cast.bob, text=SECRET)
    mallory = scene.browser(cast.carol)
    form = {"csrf_token": mallory.token(), "text": "Mine", "message": str(sent.message_id)}
    before = snapshot(scene.db)
    for id_ in (sent.conversation_id, sent.message_id):
        for rest in ("", "/read", "/accept", "/delete", "/leave", "?after=0", f"?before={2**62}"):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                data = form if method == "POST" else None
                answer = mallory.open(f"/messages/{id_}{rest}", method=method, data=data)
                assert answer.status_code in (404, 405), (method, rest, answer.status)
                assert SECRET not in answer.text
    for path in ("/messages", "/messages/requests", "/messages/new?to=alice"):
        assert SECRET not in mallory.get(path).text
    assert snapshot(scene.db) == before


RUNNERS = {"dm-idor": dm_idor}
