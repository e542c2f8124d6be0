"""`lutong web`: the HTTP process."""

import argparse
import asyncio
import gc
import ssl

import structlog
import uvloop
from aiohttp import web

from server.api.app import create_app
from server.bootstrap import Hub, open_hub
from server.listeners.delivery import echo_device
from server.listeners.recordings import Recordings
from server.logs import configure_logs
from server.settings import Loaded, Settings
from server.supervisor import end_on_signals, raise_open_files

log = structlog.get_logger()
RECOVER_EVERY = 3600.0  # seconds


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    configure_logs(loaded.settings.log_level, "web")
    raise_open_files()
    uvloop.run(_serve(loaded.settings))
    return 0


async def _serve(settings: Settings) -> None:
    stopping = asyncio.Event()
    await end_on_signals(stopping.set)
    hub = open_hub(settings)
    hub.echo = echo_device
    hub.recordings = Recordings(settings.data_path / "recordings")
    runner = web.AppRunner(create_app(hub), access_log=None, shutdown_timeout=3)
    await runner.setup()
    gc.collect()
    gc.freeze()  # a list of ten thousand tickets sets the collector off: it need not look at what is loaded by now
    await web.TCPSite(runner, settings.bind, settings.http_port, ssl_context=_tls(settings)).start()
    recovering = asyncio.create_task(_recover(hub), name="recover")
    await stopping.wait()
    recovering.cancel()
    await asyncio.gather(recovering, return_exceptions=True)
    await runner.cleanup()
    await hub.close()


async def _recover(hub: Hub) -> None:
    """Take up what a killed process left, and look again each hour for files that a broken commit left."""
    while True:
        try:
            await hub.recover()
        except Exception:  # the edge: serving goes on; what was left is found again at the next turn
            log.exception("recover.failed")
        await asyncio.sleep(RECOVER_EVERY)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if not settings.tls_cert:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context
