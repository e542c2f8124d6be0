"""What a doctor sends from the browser: a resumable upload (tus 1.0), or an object by STOW-RS."""

import base64
import io
import json
import secrets

from tests.flows.county import Answer, Json, Person

UPLOADS = "/api/v1/uploads"


def metadata(**words: str) -> str:
    """Return Upload-Metadata: keys with base64 values."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items())


async def _sends(person: Person, method: str, path: str, data: bytes | None = None, **headers: str) -> Answer:
    sent = {"Authorization": f"Bearer {person.token}", "Tus-Resumable": "1.0.0"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    body = None if data is None else io.BytesIO(data)
    async with person.http.request(method, person.url + path, data=body, headers=sent) as response:
        content = await response.read()
        said = json.loads(content) if content and "json" in response.content_type else None
        return Answer(response.status, said, response.headers, content)


async def begins(person: Person, content: bytes, **words: str) -> str:
    """Begin an upload; return its address."""
    begun = await _sends(
        person,
        "POST",
        UPLOADS,
        Upload_Length=str(len(content)),
        Upload_Metadata=metadata(filename="object.dcm", **words),
        Idempotency_Key=secrets.token_hex(12),
    )
    assert begun.status == 201, begun.body
    return begun.headers["Location"]


async def goes_on(person: Person, place: str, content: bytes, *, upto: int | None = None) -> Answer:
    """Ask where the upload stands and send what is missing, or up to some byte."""
    stands = await _sends(person, "HEAD", place)
    assert stands.status == 200, stands.status
    offset = int(stands.headers["Upload-Offset"])
    return await _sends(
        person,
        "PATCH",
        place,
        content[offset:upto],
        Upload_Offset=str(offset),
        Content_Type="application/offset+octet-stream",
    )


async def uploads(person: Person, content: bytes, **words: str) -> Json:
    """Upload one file in one piece; return what became of it."""
    place = await begins(person, content, **words)
    await goes_on(person, place, content)
    return (await person.sees(place))["results"][0]


async def stows(person: Person, content: bytes) -> Answer:
    """Store one object by STOW-RS for her own site."""
    return await _sends(
        person,
        "POST",
        "/dicom-web/studies",
        content,
        Content_Type="application/dicom",
        Accept="application/dicom+json",
    )
