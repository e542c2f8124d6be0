"""Celery: each task is an id in and one service call."""
