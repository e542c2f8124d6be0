"""The HTTP edge: handlers parse, authorise, call once and render."""
