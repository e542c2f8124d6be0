"""Consults between houses: the core is standard library only; `video.rtc` forwards their media. The server does the I/O."""
