"""Files on the server, and the Bot API objects that point at them."""

import struct
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.phone.things import JSON


@dataclass(slots=True, frozen=True)
class File:
    """A stored file; `path` is what getFile hands out."""

    file_id: str
    name: str
    mime: str
    data: bytes
    path: str

    def as_json(self) -> JSON:
        """Return what every media object has."""
        unique = f"u{self.file_id}"
        return {"file_id": self.file_id, "file_unique_id": unique, "file_size": len(self.data)}


@dataclass(slots=True)
class Files:
    """All files, by id and by path."""

    by_id: dict[str, File] = field(default_factory=dict)
    by_path: dict[str, File] = field(default_factory=dict)

    def keep(self, folder: str, name: str, mime: str, data: bytes) -> File:
        """Store a file and return it."""
        number = len(self.by_id) + 1
        path = f"{folder}/file_{number}{PurePosixPath(name).suffix}"
        file = File(f"file-{folder}-{number}", name, mime, data, path)
        self.by_id[file.file_id] = self.by_path[path] = file
        return file


def document(file: File) -> JSON:
    """Return a Document object."""
    return {**file.as_json(), "file_name": file.name, "mime_type": file.mime}


def voice(file: File, seconds: int) -> JSON:
    """Return a Voice object."""
    return {**file.as_json(), "duration": seconds, "mime_type": file.mime}


def photo(file: File) -> list[JSON]:
    """Return the sizes of a photo; one is enough here."""
    width, height = image_size(file.data) or (640, 480)
    return [{**file.as_json(), "width": width, "height": height}]


def image_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG or JPEG, None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments up to the frame header, whose marker is C0 to CF without C4, C8 and CC."""
    at = 2
    while at + 9 <= len(data):
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
