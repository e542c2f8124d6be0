"""From stored pixels to what a screen shows: one frame decoded, windowed, cut, scaled, encoded (PS3.18 §8.3.5)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi_lut, pixel_array

from dicom.errors import NotDecodable
from server.decode.opening import MAX_PIXELS, open_dataset

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
NO_WINDOW = (0.5, 99.5)  # percentiles, where neither the caller nor the object says


def decode_frame(path: str, index: int) -> tuple[Dataset, npt.NDArray[Any]]:
    """Return the object's attributes and one decoded frame.

    Raises
    ------
    NotDecodable
        When there is no such frame, or it is larger than we decode.
    """
    dataset = open_dataset(path)
    frames = int(dataset.get("NumberOfFrames") or 1)
    values = int(dataset.get("Rows") or 0) * int(dataset.get("Columns") or 0) * int(dataset.get("SamplesPerPixel") or 1)
    if not 0 <= index < frames or not 0 < values <= MAX_PIXELS:
        raise NotDecodable(f"frame {index + 1} of {frames} with {values} values")
    try:
        return dataset, pixel_array(Path(path), index=index)
    except (AttributeError, KeyError):  # no meta group: the transfer syntax was found by looking
        whole = open_dataset(path, pixels=True)
        return dataset, pixel_array(whole, index=index)


def picture(
    path: str,
    frame: int,
    *,
    window: Sequence[float] | None = None,
    function: str = "linear",
    viewport: Sequence[float] | None = None,
    quality: int = 85,
    encoding: str = "jpeg",
) -> bytes:
    """Return a frame as JPEG or PNG.

    Parameters
    ----------
    frame
        From 0.
    window
        Centre and width in the modality's units; None for the object's own.
    viewport
        Width and height of the box to fit in, then optionally the source region x, y, width, height.
    """
    dataset, array = decode_frame(path, frame)
    image = Image.fromarray(_shown(dataset, array, frame, window, function))
    image = _fit(image, viewport)
    out = io.BytesIO()
    if encoding == "png":
        image.save(out, "PNG", compress_level=3)
    else:
        image.save(out, "JPEG", quality=quality, progressive=True)
    return out.getvalue()


def _shown(
    dataset: Dataset, array: npt.NDArray[Any], frame: int, window: Sequence[float] | None, function: str
) -> Bytes:
    photometric = str(dataset.get("PhotometricInterpretation") or "MONOCHROME2")
    if photometric == "PALETTE COLOR":
        array = apply_color_lut(array, dataset)
    if array.ndim == 3:
        return _eight_bits(array)
    if array.ndim != 2:
        raise NotDecodable(f"an array of {array.ndim} dimensions")
    grey = _windowed(dataset, array, frame, window, function)
    if photometric == "MONOCHROME1" or str(dataset.get("PresentationLUTShape") or "") == "INVERSE":
        grey = 1.0 - grey
    return (grey * 255.0 + 0.5).astype(np.uint8)


def _eight_bits(array: npt.NDArray[Any]) -> Bytes:
    if array.dtype == np.uint8:
        return array
    top = float(array.max()) or 1.0
    return (array.astype(np.float32) * (255.0 / max(top, 255.0))).astype(np.uint8)


def _windowed(
    dataset: Dataset, array: npt.NDArray[Any], frame: int, window: Sequence[float] | None, function: str
) -> Floats:
    """Return grey between 0 and 1: modality LUT, then VOI LUT or window (PS3.3 C.11.1, C.11.2)."""
    attributes = _of_frame(dataset, frame)
    values = apply_modality_lut(array, attributes)
    if window is None and attributes.get("VOILUTSequence"):
        looked_up = apply_voi_lut(values, attributes).astype(np.float32)
        return _between(looked_up, float(looked_up.min()), float(looked_up.max()))
    values = values.astype(np.float32)
    centre, width = window or _own_window(attributes) or _found_window(values)
    if function == "sigmoid":
        result: Floats = 1.0 / (1.0 + np.exp(-4.0 * (values - centre) / max(width, 1e-6)))
        return result
    if function == "linear" and width > 1:  # PS3.3 C.11.2.1.2.1: half a value aside
        centre, width = centre - 0.5, width - 1.0
    return _between(values, centre - width / 2, centre + width / 2)


def _between(values: Floats, low: float, high: float) -> Floats:
    result: Floats = np.clip((values - low) / max(high - low, 1e-6), 0.0, 1.0)
    return result


def _of_frame(dataset: Dataset, frame: int) -> Dataset:
    """Return rescale and window of one frame, from the functional groups where an enhanced object keeps them."""
    found = Dataset()
    for keyword in (
        "ModalityLUTSequence", "RescaleSlope", "RescaleIntercept", "VOILUTSequence", "WindowCenter", "WindowWidth"
    ):  # fmt: skip
        if keyword in dataset:
            found[keyword] = dataset[keyword]
    per_frame = dataset.get("PerFrameFunctionalGroupsSequence") or []
    groups = [*(dataset.get("SharedFunctionalGroupsSequence") or [])[:1], *per_frame[frame : frame + 1]]
    for group in groups:
        for keyword in ("PixelValueTransformationSequence", "FrameVOILUTSequence"):
            for item in (group.get(keyword) or [])[:1]:
                found.update(item)
    return found


def _own_window(attributes: Dataset) -> tuple[float, float] | None:
    centre, width = attributes.get("WindowCenter"), attributes.get("WindowWidth")
    first = [v[0] if isinstance(v, Sequence) and not isinstance(v, str) and v else v for v in (centre, width)]
    try:
        return float(first[0]), float(first[1])
    except (TypeError, ValueError):  # absent, empty or no number
        return None


def _found_window(values: Floats) -> tuple[float, float]:
    low, high = (float(v) for v in np.percentile(values, NO_WINDOW))
    return (low + high) / 2, max(high - low, 1.0)


def _fit(image: Image.Image, viewport: Sequence[float] | None) -> Image.Image:
    """Cut the source region, mirror where its size is negative, and fit into the box (PS3.18 §8.3.5.1.3)."""
    if viewport is None:
        return image
    width, height = int(viewport[0]), int(viewport[1])
    if len(viewport) == 6:
        x, y, w, h = viewport[2:]
        image = image.crop((int(x), int(y), int(x + (abs(w) or image.width)), int(y + (abs(h) or image.height))))
        if w < 0:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if h < 0:
            image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BILINEAR if scale > 1 else Image.Resampling.BOX)


def plain_frame(path: str, frame: int) -> bytes:
    """Return a frame uncompressed, little endian, as Explicit VR Little Endian pixel data (PS3.5 §8.2)."""
    dataset, array = decode_frame(path, frame)
    allocated = int(dataset.get("BitsAllocated") or 8)
    if allocated == 1:
        return bytes(np.packbits(array.astype(np.uint8).ravel(), bitorder="little").tobytes())
    return bytes(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
