"""Referral tickets, beds and their queue: pure, standard library only; the server does the input and output."""
