"""Where the bytes of objects lie."""
