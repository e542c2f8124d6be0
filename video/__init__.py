"""Consults: the core is standard library only, `video.rtc` forwards their media; the server does the I/O."""
