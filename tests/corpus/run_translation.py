"""Languages that somebody made up never reach a translator."""

from collections.abc import Callable

from tests import make
from tests.beside import application_beside
from tests.corpus.scene import Scene
from tests.translating import KEY, translating_server
from tests.visitor import Visitor


def param_injection(scene: Scene) -> None:
    """Name the languages wherever one can, and have a post translated all the same."""
    asked = scene.case.input["json"]
    with translating_server() as service:
        settings = {"MS_TRANSLATOR_KEY": KEY, "MS_TRANSLATOR_URL": service.url}
        with application_beside(scene.app, scene.folder, **settings) as app:
            bob = Visitor.signed_in(app, scene.cast.bob)
            for value in (asked["source_language"], asked["dest_language"]):
                for answer in (
                    bob.post("/posts", {"text": "ok", "language": value}),
                    bob.post("/language", {"language": value}),
                ):
                    assert scene.case.allows(answer.status_code)
            post_id = make.post(scene.db, scene.cast.alice, "Guten Morgen, heute regnet es wieder")
            path = f"/posts/{post_id}/translation"
            bob.open(path, method="POST", json=asked)
            bob.post(path, {**asked, "from": "x", "to": "y"}, query_string={"to": "fr"})
        (sent,) = [path.partition("?")[2] for path, _, _ in service.asked]
    assert sent == "api-version=3.0&textType=html&from=de&to=en"


RUNNERS: dict[str, Callable[[Scene], None]] = {"param-injection": param_injection}
