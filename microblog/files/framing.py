"""What of a picture is shown, and how large: cut to a shape, or whole within a bound."""

from dataclasses import dataclass

# Averaging stops at this many times the wanted size, a sharper filter does the rest.
_SPARE = 2
Size = tuple[int, int]


@dataclass(frozen=True)
class Cut:
    """A part of a picture, what it is averaged down to first, and the size it gets at last."""

    left: int
    top: int
    width: int
    height: int
    factor: int
    size: Size

    @property
    def reduced(self) -> Size:
        """Return the size after averaging; what is left over at the edges counts as a pixel."""
        return -(-self.width // self.factor), -(-self.height // self.factor)

    @property
    def rest(self) -> tuple[float, float, float, float]:
        """Return the part of the averaged picture that is full."""
        return 0, 0, self.width / self.factor, self.height / self.factor


@dataclass(frozen=True)
class Frame:
    """A size that a picture is brought to. One that is smaller is never enlarged.

    What is `cropped` has the shape of the frame and shows the middle; else all of it is shown.
    """

    width: int
    height: int
    spare: int = _SPARE
    is_cropped: bool = True

    def cut(self, size: Size, *, is_lying: bool = False) -> Cut:
        """Tell what to do with a picture of that size, which may be lying on its side."""
        frame = (self.height, self.width) if is_lying else (self.width, self.height)
        box = _middle(size, frame) if self.is_cropped else size
        scale = min(1.0, frame[0] / box[0], frame[1] / box[1])
        width, height = (max(1, round(side * scale)) for side in box)
        factor = max(1, int(1 / scale / self.spare))
        left, top = (size[0] - box[0]) // 2, (size[1] - box[1]) // 2
        return Cut(left, top, *box, factor, (width, height))

    def enough(self, size: Size) -> Size:
        """Return the smallest size that a decoder may deliver instead of the one it finds."""
        cut = self.cut(size)
        scale = max(cut.size[0] / cut.width, cut.size[1] / cut.height) * self.spare
        return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _middle(size: Size, frame: Size) -> Size:
    """Return the largest size of the frame's shape within a picture."""
    if size[0] * frame[1] > size[1] * frame[0]:
        return max(1, round(size[1] * frame[0] / frame[1])), size[1]
    return size[0], max(1, round(size[0] * frame[1] / frame[0]))


AVATAR = Frame(400, 400)
HEADER = Frame(1500, 500)
# So large that twice its size would not fit into the memory that an upload may take.
PICTURE = Frame(2048, 2048, spare=1, is_cropped=False)
PREVIEW = Frame(640, 640, is_cropped=False)
