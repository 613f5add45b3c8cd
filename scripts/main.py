"""The `sallyport` command, made of this folder: a module holds a command of its name (`_` is `-`), or a group `app`.

Modules import at the top only what `--help` needs, so that help answers at once and only synth pays for the CDK.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import pkgutil

import typer

import scripts

# A command makes a few hundred thousand objects and ends. To look through them for cycles again and again, and a last
# time at its end, took a fourth of the time of one that reads an account.
gc.set_threshold(300_000)
atexit.register(gc.freeze)

app = typer.Typer(
    name="sallyport",
    help="An isolated AWS enclave for AI vendors' models: proved from its templates, deployed, verified live.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

for found in pkgutil.iter_modules(scripts.__path__):
    if found.name == "main":
        continue
    module = importlib.import_module(f"{scripts.__name__}.{found.name}")
    if hasattr(module, "app"):
        app.add_typer(module.app, name=found.name)
    elif hasattr(module, found.name):
        app.command(name=found.name.replace("_", "-"))(getattr(module, found.name))
