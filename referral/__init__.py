"""Referral tickets, beds and their queue (a later walk; the package holds its place in the import contracts)."""
