"""`lutong up`: prepare, then keep every role running; imports nothing that the roles need."""

import argparse
import asyncio

from server.cli import CannotRun
from server.logs import configure_logs
from server.settings import Loaded, Settings
from server.supervisor import CannotStart, Supervisor, end_on_signals

BANNER = """
  绿通 Lütong 已启动   (Ctrl-C ends everything in order)

    打开 / open      {url}
    DICOM            {bind}:{dicom}   AE {ae}
    HL7 v2 (MLLP)    {bind}:{mllp}
    视频 / media     {bind}:{media}   UDP + TCP
    数据 / data      {data}
{people}"""
PEOPLE = """
  演示县 云岭县：用户名是姓名拼音，密码都是 lutong-demo
    township doctor 李兰 lilan · ECG 王珂 wangke / 陈岳 chenyue · radiology 哈志远 hazhiyuan / 罗燕 luoyan
    registrar 韩雪 hanxue · administrator admin · auditor shenji
  Send a study:   storescu -aet T01 -aec {ae} {bind} {dicom} FILE.dcm
  See it live:    lutong simulate
"""


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--demo", action="store_true", help="with the demo county; loopback only")
    parser.add_argument("--tls", choices=["local"], help="not yet: a local authority of our own")
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, arguments: argparse.Namespace) -> int:
    if arguments.tls:
        raise CannotRun("not yet: --tls local; give a certificate with LUTONG_TLS_CERT and LUTONG_TLS_KEY")
    configure_logs(loaded.settings.log_level, "up")
    try:
        return asyncio.run(_keep_up(loaded.settings))
    except CannotStart as error:
        raise CannotRun(str(error)) from error


async def _keep_up(settings: Settings) -> int:
    supervisor = Supervisor(settings)
    supervisor.prepare()
    await end_on_signals(supervisor.stop)
    try:
        await supervisor.start_redis()
        await supervisor.run_once("prepare")
        await supervisor.start("web", "gateway", "worker")
        await supervisor.start_media()
        people = PEOPLE.format(ae=settings.ae_title, bind=settings.bind, dicom=settings.dicom_port)
        print(  # noqa: T201  # the one word to the person who started it
            BANNER.format(
                url=settings.url,
                bind=settings.bind,
                dicom=settings.dicom_port,
                mllp=settings.mllp_port,
                media=_span(settings.media_ports),
                ae=settings.ae_title,
                data=settings.data_path,
                people=people if settings.demo else "",
            ),
            flush=True,
        )
        return await supervisor.run()
    finally:
        await supervisor.end()


def _span(ports: range) -> str:
    return str(ports[0]) if len(ports) == 1 else f"{ports[0]}-{ports[-1]}"
