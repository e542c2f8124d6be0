"""The roles: `up` and each process that it starts."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop
from aiohttp import web

from server.api.app import create_app
from server.bootstrap import open_hub
from server.db.migrations.run import migrate
from server.listeners import gateway_main
from server.logs import configure_logs
from server.settings import Loaded, Settings
from server.supervisor import Supervisor, end_on_signals, raise_open_files
from server.tasks import worker
from server.workflows import demo

BANNER = """
  绿通 Lütong 已启动   (Ctrl-C ends everything in order)

    打开 / open      {url}
    DICOM            {bind}:{dicom}   AE {ae}
    数据 / data      {data}
{people}"""
PEOPLE = """
  演示县 云岭县：用户名是姓名拼音，密码都是 {password}
    township doctor 李兰 lilan · ECG 王珂 wangke / 陈岳 chenyue · radiology 哈志远 hazhiyuan / 罗燕 luoyan
    registrar 韩雪 hanxue · administrator admin · auditor shenji
  Send a study:   storescu -aet T01 -aec {ae} {bind} {dicom} FILE.dcm
  See it live:    lutong simulate
"""


def declare(commands: Any) -> None:
    """Declare the roles' commands."""
    up = commands.add_parser("up", help="the whole hub on this machine")
    up.add_argument("--demo", action="store_true", help="with the demo county; loopback only")
    up.set_defaults(run=_up)
    for name, main, text in (
        ("web", _web, "web pages and interfaces"),
        ("gateway", _gateway, "DICOM association acceptor"),
        ("worker", _worker, "background work: relay, deadlines, delivery, audit seal"),
    ):
        role = commands.add_parser(name, help=text)
        role.set_defaults(run=main)


def _up(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    configure_logs(loaded.settings.log_level, "up")
    return asyncio.run(_keep_up(loaded.settings))


async def _keep_up(settings: Settings) -> int:
    supervisor = Supervisor(settings)
    supervisor.prepare()
    await end_on_signals(supervisor.stop)
    try:
        await supervisor.start_redis()
        await asyncio.to_thread(migrate, settings.database)
        hub = open_hub(settings)
        try:
            await demo.seed_installation(hub)
            if settings.demo:
                await demo.seed_demo(hub)
        finally:
            await hub.close()
        await supervisor.start("web", "gateway", "worker")
        people = PEOPLE.format(
            password=demo.PASSWORD, ae=settings.ae_title, bind=settings.bind, dicom=settings.dicom_port
        )
        print(  # noqa: T201
            BANNER.format(
                url=settings.url,
                bind=settings.bind,
                dicom=settings.dicom_port,
                ae=settings.ae_title,
                data=settings.data_path,
                people=people if settings.demo else "",
            ),
            flush=True,
        )
        return await supervisor.run()
    finally:
        await supervisor.end()


def _role(loaded: Loaded, name: str, main: Callable[[Settings], Coroutine[Any, Any, None]]) -> int:
    configure_logs(loaded.settings.log_level, name)
    raise_open_files()
    uvloop.run(main(loaded.settings))
    return 0


def _web(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    return _role(loaded, "web", _serve_web)


async def _serve_web(settings: Settings) -> None:
    stopping = asyncio.Event()
    await end_on_signals(stopping.set)
    hub = open_hub(settings)
    runner = web.AppRunner(create_app(hub), access_log=None, shutdown_timeout=3)
    await runner.setup()
    context = _tls(settings)
    await web.TCPSite(runner, settings.bind, settings.http_port, ssl_context=context).start()
    await stopping.wait()
    await runner.cleanup()
    await hub.close()


def _tls(settings: Settings) -> Any:
    if not settings.tls_cert:
        return None
    import ssl  # noqa: PLC0415

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(settings.tls_cert, settings.tls_key)
    return context


def _gateway(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    return _role(loaded, "gateway", _serve_gateway)


async def _serve_gateway(settings: Settings) -> None:
    hub = open_hub(settings)
    try:
        await gateway_main.serve(hub)
    finally:
        await hub.close()


def _worker(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    configure_logs(loaded.settings.log_level, "worker")
    raise_open_files()
    try:
        worker.serve(loaded.settings)
    except SystemExit as ending:
        return int(ending.code or 0) if isinstance(ending.code, int | None) else 1
    return 0


def forced_exit(code: int) -> None:
    """End at once; used where a library would wait for its threads."""
    sys.stderr.flush()
    os._exit(code)
