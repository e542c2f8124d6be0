"""Signalling of a consult's room, without I/O: who sits in it, what each may say, what everybody is told.

`seats` holds the facts, `room` the moves, `messages` every frame with its fields, `views` what each person is shown.
A room is a row: whichever web process a frame reaches moves it in a transaction, and everybody else reads the outcome.
"""
