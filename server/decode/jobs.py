"""What a decode child can be asked for, by name; each returns JSON fields and bytes."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.pixels import decompress
from pydicom.uid import ExplicitVRLittleEndian

from dicom.ecg import findings, measure, quality, transport, waveform
from server.decode import pictures, walk
from server.decode.opening import open_dataset

Answer = tuple[Mapping[str, Any], bytes]


def render(path: str, frame: int, **how: Any) -> Answer:
    """Return a frame as JPEG or PNG."""
    return {}, pictures.picture(path, frame, **how)


def plain(path: str, frame: int) -> Answer:
    """Return a frame uncompressed."""
    return {}, pictures.plain_frame(path, frame)


def full_walk(path: str, base: str) -> Answer:
    """Return the sidecar of an object and what is wrong with it."""
    return walk.walk(path, base)


def bulk(path: str, at: Sequence[str]) -> Answer:
    """Return one bulk value."""
    return {}, walk.bulk_value(path, at)


def stored_frame(path: str, frame: int) -> Answer:
    """Return a frame as it is stored, found by the decoder where the walk could not tell."""
    from pydicom.encaps import get_frame  # noqa: PLC0415

    dataset = open_dataset(path, pixels=True)
    return {}, get_frame(dataset.PixelData, frame, number_of_frames=int(dataset.get("NumberOfFrames") or 1))


def uncompressed(path: str) -> Answer:
    """Return the whole object in Explicit VR Little Endian, pixels uncompressed."""
    dataset = open_dataset(path, pixels=True)
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        decompress(dataset, as_rgb=True, generate_instance_uid=False)
    elif dataset.original_encoding[1] is False:
        dataset = _little(dataset)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    out = io.BytesIO()
    dataset.save_as(out, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return {}, out.getvalue()


def _little(dataset: Dataset) -> Dataset:
    """Return a big-endian data set as a new one; words of pixels, overlays and the like are turned."""
    turned = Dataset()
    turned.file_meta = dataset.file_meta
    turned.preamble = bytes(128)
    for elem in dataset.iterall():  # text and numbers are decoded here, words are not
        if elem.VR == "OW" and elem.value:
            elem.value = np.frombuffer(elem.value, ">u2").astype("<u2").tobytes()
    turned.update(dataset)
    return turned


def ecg(path: str, limits: Mapping[str, Any] | None = None) -> Answer:
    """Return an ECG's header, with the machine's opinion of it, and its samples.

    Without limits (a rule row of the region, with its version) nothing is suspected.
    """
    recordings = waveform.read_recordings(open_dataset(path))
    payload = transport.encode(recordings)
    main = waveform.main_recording(recordings)
    measurements = measure.measure(main)
    suspicions = findings.flags(measurements, findings.FindingLimits(**limits)) if limits else ()
    opinion = transport.opinion(measurements, quality.assess(recordings), suspicions)
    return {"ecg": dict(payload.header) | {"opinion": opinion}}, payload.samples


JOBS: Mapping[str, Callable[..., Answer]] = {
    "render": render,
    "plain": plain,
    "walk": full_walk,
    "bulk": bulk,
    "stored-frame": stored_frame,
    "uncompressed": uncompressed,
    "ecg": ecg,
}
