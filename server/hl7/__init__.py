"""HL7 v2.5.1 (chapters 2 and 3): messages read and built, acknowledgements, MLLP framing; no sockets, no clock.

README.md says what is taken and sent.
"""
