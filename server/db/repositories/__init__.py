"""One repository per subject: rows in, frozen objects out."""
