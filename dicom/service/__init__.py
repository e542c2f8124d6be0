"""Use cases of the imaging domain: load, decide, save through ports."""
