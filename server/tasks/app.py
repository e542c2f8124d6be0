"""The Celery application: JSON only, late acknowledgement, ids as arguments; Redis carries it, rows remember it."""

from celery import Celery

from server.settings import Settings
from server.tasks import bridge

celery = Celery("lutong")
HANDLE = "lutong.handle"


def configure(settings: Settings) -> Celery:
    """Point Celery at the Redis server in force; a task that vanishes with it is sent again from the outbox."""
    broker = settings.redis.replace("unix://", "redis+socket://")
    celery.conf.update(
        broker_url=broker,
        broker_transport_options={"visibility_timeout": 120, "socket_timeout": 10, "socket_connect_timeout": 5},
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        task_default_queue="lutong",
        worker_enable_remote_control=False,
    )
    return celery


@celery.task(name=HANDLE)  # type: ignore[untyped-decorator]  # Celery is untyped
def handle(event_id: str, handler: str) -> None:
    """Run one handler of one event (idempotent on the event's id)."""
    bridge.work(event_id, handler)
