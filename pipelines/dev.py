"""``make dev``: Dagster's web page and daemon (nightly schedule, inbox sensor) on one home, in the foreground.

Belongs here: starting Dagster's own program with the home's environment. Does not belong here: definitions.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.running import prepare_dagster_home
from pipelines.settings import PROJECT, Settings
from schemas.sources import load_sources


def serve(
    home: Annotated[Path, typer.Option("--home", help="Thư mục nhà.")] = Path("data"),
    port: Annotated[int, typer.Option("--port", help="Cổng của trang web, chỉ mở trên máy này.")] = 3000,
) -> None:
    """Mở giao diện Dagster và dịch vụ nền của một nhà; dừng bằng Ctrl-C."""
    place = Settings(home=home).place
    place.prepare(tuple(load_sources()))
    prepare_dagster_home(place)
    environment = os.environ | {"DAGSTER_HOME": str(place.dagster), "CCHC_HOME": str(place.root)}
    program = Path(sys.executable).with_name("dagster")
    command = [str(program), "dev", "-w", str(PROJECT / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    os.chdir(place.root)  # else Dagster finds the checkout's dagster.yaml too and warns
    os.execve(program, command, environment)  # noqa: S606 - our own environment's program, no shell


if __name__ == "__main__":
    typer.run(serve)
