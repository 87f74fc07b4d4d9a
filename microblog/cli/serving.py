"""`microblog serve`: the whole server, web workers and a job worker, under one supervisor."""

import gc
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

import click
from flask import Flask

from microblog import cores, datafolder, error_mail, ids, logs
from microblog.cli.schema import bring_up_to_date
from microblog.config import Config
from microblog.datafolder import DataFolder
from microblog.services import Services
from microblog.web.setup import setup_code
from microblog.worker import Worker

# A worker that ends is started again after this pause, which doubles while it keeps ending at once.
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 30.0
_STABLE_SECONDS = 10.0
_STOP_SECONDS = 5.0
_ORPHAN_POLL_SECONDS = 0.5


@click.command()
@click.option("--host", help="Listen on this address instead of HOST.")
@click.option("--port", type=int, help="Listen on this port instead of PORT.")
@click.option("--workers", type=int, help="Run so many web workers instead of WEB_WORKERS.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Start the server, and migrate the database first when it is of an older version."""
    given = {"HOST": host, "PORT": port, "WEB_WORKERS": workers}
    os.environ |= {name: str(value) for name, value in given.items() if value is not None}
    if os.environ.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false"):
        raise click.ClickException(
            "FLASK_DEBUG is for `flask run`: its debugger lets every visitor run code."
        )
    config = Config.load()
    folder = datafolder.prepare(config)
    _refuse_taken_port(config)
    bring_up_to_date(config)
    _greet(config, folder)
    _serve(config)


def _refuse_taken_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.HOST, config.PORT))
        except OSError as error:
            raise click.ClickException(
                f"The server cannot listen on {config.HOST}:{config.PORT} ({error.strerror}): "
                "stop the other program, or set PORT to another number."
            ) from None


def _greet(config: Config, folder: DataFolder) -> None:
    click.echo(f"Microblog is at {config.public_url} (its data is in {folder.root}).")
    if not config.listens_on_loopback or config.PUBLIC_URL:
        code = setup_code(folder.secret_key)
        click.echo(f"To set it up from another machine, the setup code is {code}.")
    click.echo("Ctrl-C stops it.")


def _serve(config: Config) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    # What is loaded by now is shared with the workers, which are copies of this process: it is put
    # out of the garbage collector's sight, which would write to it and so make each its own.
    gc.freeze()
    # A page makes thousands of short-lived objects and hardly a cycle: looking less often for
    # cycles saves a tenth of its cost.
    gc.set_threshold(50_000, 20, 50)
    server = Granian(
        "microblog",
        address="127.0.0.1" if config.HOST == "localhost" else config.HOST,
        port=config.PORT,
        interface=Interfaces.WSGI,
        workers=config.WEB_WORKERS or os.cpu_count() or 1,
        blocking_threads=config.WEB_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        # What it warns of at Ctrl-C is a worker that ended by itself a moment before.
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=int(_STOP_SECONDS),
    )
    supervisor = os.getpid()
    jobs = JobWorkerKeeper(supervisor)
    server.on_startup(jobs.start)
    server.on_shutdown(jobs.stop)
    server.serve(target_loader=partial(load_web_worker, supervisor), wrap_loader=False)


class JobWorkerKeeper:
    """Keeps one job worker process running until it is told to stop."""

    def __init__(self, supervisor: int) -> None:
        self._supervisor = supervisor
        self._process: multiprocessing.Process | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start the process, and a thread that starts it again when it ends."""
        self._start_process()
        self._thread.start()

    def stop(self) -> None:
        """Let the process finish what it is at, and end."""
        self._stopping.set()
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
        self._thread.join(_STOP_SECONDS)
        if self._process is not None and self._process.is_alive():
            self._process.kill()

    def _start_process(self) -> None:
        self._process = multiprocessing.Process(
            target=run_job_worker, args=(self._supervisor,), name="job-worker"
        )
        self._process.start()

    def _keep(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while self._process is not None:
            began = time.monotonic()
            self._process.join()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _STABLE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            self._start_process()


def load_web_worker(supervisor: int) -> Flask:
    """Make the application in a web worker process."""
    # Not the supervisor's handler any more, with which this process was born; Granian sets its own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _when_told_to_end(_stop_serving)
    _end_with(supervisor)
    cores.settle()
    from microblog import create_app

    app = create_app()
    _report_as("web", app.extensions["microblog"])
    return app


def run_job_worker(supervisor: int) -> None:
    """Be the job worker process: work until told to stop."""
    stop = threading.Event()
    _when_told_to_end(stop.set)
    _end_with(supervisor)
    # No application: it would take memory for pages that nobody asks this process for.
    services = Services.open(Config.load())
    _report_as("jobs", services)
    Worker(services).run(stop)


def _when_told_to_end(act: Callable[[], None]) -> None:
    """Act at the first SIGTERM, whoever sends it: the supervisor, or a service manager to all.

    Ctrl-C, which a terminal sends to every process, is left to the supervisor. A thread waits for
    the signal: a handler runs in the main thread, which may hold the very lock that it needs, and
    Granian's hangs when it runs twice.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})

    def wait() -> None:
        signal.sigwait({signal.SIGTERM})
        act()

    threading.Thread(target=wait, daemon=True).start()


def _stop_serving() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    if not callable(handler):
        os._exit(0)
    handler(signal.SIGTERM, None)


def _report_as(role: str, services: Services) -> None:
    """Log under a name of this process's own, and mail its errors."""
    config = services.config
    logs.set_up(
        f"{role}-{ids.process_tag():02}",
        services.folder.logs,
        to_stdout=config.LOG_TO_STDOUT,
        max_bytes=config.LOG_FILE_BYTES,
        count=config.LOG_FILE_COUNT,
    )
    error_mail.install(services.db, config.ADMINS)


def _end_with(supervisor: int) -> None:
    """End this process when the supervisor is gone, however it went."""

    def watch() -> None:
        while os.getppid() == supervisor:
            time.sleep(_ORPHAN_POLL_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_STOP_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
