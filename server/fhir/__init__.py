"""FHIR R4 (4.0.1): pure maps from what the domains know to resources as JSON dictionaries, and nothing back.

STATUS.md holds the published status map; a test compares it with `status.py`.
"""
