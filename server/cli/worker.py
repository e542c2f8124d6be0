"""`lutong worker`: the background process."""

import argparse

from server.listeners.delivery import send_document
from server.listeners.mllp import send_message
from server.logs import configure_logs
from server.settings import Loaded
from server.supervisor import raise_open_files
from server.tasks import worker


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    configure_logs(loaded.settings.log_level, "worker")
    raise_open_files()
    try:
        worker.serve(loaded.settings, send_document, send_message)
    except SystemExit as ending:  # Celery ends by exiting
        return ending.code if isinstance(ending.code, int) else 0
    return 0
