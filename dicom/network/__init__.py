"""The DICOM wire, sans-IO: bytes in, bytes out, events out, one timer (PS3.7, PS3.8)."""
