"""Pictures of posts as templates show them."""

from dataclasses import dataclass

from microblog.domain.media import Picture


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture: where its files are, how large the small one is, and what it shows."""

    id: int
    url: str
    preview_url: str
    preview_width: int
    preview_height: int
    description: str


def shown_picture(picture: Picture) -> ShownPicture:
    """Return a picture as templates show it."""
    return ShownPicture(
        picture.id,
        f"/media/{picture.file}",
        f"/media/{picture.preview}",
        picture.preview_width,
        picture.preview_height,
        picture.description,
    )
