"""Forwarding without transcoding: one participant's stream to many, each with its own numbers and its own layer."""
