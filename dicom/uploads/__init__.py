"""Uploads by browsers (tus 1.0): received in pieces, whole at last, each object taken in like any other."""
