"""Live rooms of one web process: its sockets, what goes between processes, and the media workers behind Redis.

The rows are the truth. What is said here is a hand-off: a room that missed one is shown anew within a second.
"""
