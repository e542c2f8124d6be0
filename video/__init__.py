"""Consults between houses: pure, standard library only; the server does the input and output."""
