"""How gunicorn serves Paliers: real pages are CPU-bound, so one request at a time in two processes a core."""

import os
from threading import Timer

wsgi_app = "strategie.wsgi"
workers = 2 * (os.cpu_count() or 1)
preload_app = True  # loaded once, shared by the workers
control_socket_disable = True
loglevel = "warning"
timeout = 180  # 82 answers of 10,000 characters, twice, take a minute to lay out when they are signed
graceful_timeout = 20
SECONDS_BETWEEN_WARMINGS = 4


def post_worker_init(worker):
    """Import WeasyPrint, which takes two seconds: after the first pages, in one process at a time, before a PDF."""
    warming = Timer((1 + worker.age % workers) * SECONDS_BETWEEN_WARMINGS, __import__, ["weasyprint"])
    warming.daemon = True
    warming.start()
