"""`sallyport cost`: what an enclave costs at rest, from its templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.report.format import Format


def cost(
    assembly: Annotated[Path, typer.Argument(help="the cloud assembly that `cdk synth` wrote")] = Path("cdk.out"),
    enclave: Annotated[str | None, typer.Option(help="only this enclave's stacks; default: every stack")] = None,
    format: Annotated[Format, typer.Option(help="how to print it")] = Format.TEXT,
) -> None:
    """Print what each stack costs a month though nobody uses it, from a dated list of prices.

    What is paid by use (per GB, request, token) is named and not included; so are free tiers, taxes and discounts. A
    price that public documentation does not tell is said to be missing, and is in no sum; one that was not read at AWS
    is marked. Exit codes: 0 printed, 2 no assembly, no such stack, or a list of prices (infra/catalog/data/prices.yaml)
    that cannot be read or does not say how a type is charged.
    """
    from infra.catalog.prices import Unreadable
    from infra.cost import Unjudged
    from infra.cost import cost as at_rest
    from infra.judges.template import NotAnAssembly, assembly_templates
    from infra.nearby import nearby
    from infra.report.cost import as_json, text
    from infra.stack_names import of_enclave

    try:
        templates = assembly_templates(nearby(assembly))
        chosen = [each for each in templates if enclave is None or of_enclave(each.stack, enclave)]
        if not chosen:
            stacks = ", ".join(each.stack for each in templates) or "none"
            raise Unjudged(f"{assembly} holds no stack of enclave {enclave}; it holds {stacks}")
        told = at_rest(chosen)
        printed = as_json(told) if format is Format.JSON else text(told)
    except (NotAnAssembly, Unjudged, Unreadable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(printed)
