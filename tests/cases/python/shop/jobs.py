"""Jobs of Celery; the queue is a volume of the task, where another service has Redis or SQS."""

import time

from celery import Celery

FOLDERS = {"data_folder_in": "/queue", "data_folder_out": "/queue", "control_folder": "/queue/control"}
app = Celery("shop", broker="filesystem://")
app.conf.broker_transport_options = FOLDERS
app.conf.beat_schedule = {"minute": {"task": "shop.jobs.write", "schedule": 1.0, "args": ("by the clock",)}}


@app.task
def write(text: str) -> None:
    """Say when a job begins, and when it has ended."""
    print(f"begun: {text}")  # in one piece: each piece is a line of the log
    time.sleep(0.1 if text == "by the clock" else 3)
    print(f"ended: {text}")
