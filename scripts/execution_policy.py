"""`sallyport execution-policy`: what CloudFormation's role needs, from the templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def execution_policy(
    assembly: Annotated[Path, typer.Argument(help="the cloud assembly that `cdk synth` wrote")] = Path("cdk.out"),
    folder: Annotated[Path, typer.Option(help="where the policies are written")] = Path("build/execution-policy"),
) -> None:
    """Write the IAM policies for CloudFormation's role: `cdk bootstrap --cloudformation-execution-policies` takes them.

    They are derived from the resource types of the templates: AWS's schemas say what each type's handlers need. What
    is retained for good may not be deleted; IAM's own actions reach the roles and policies of these stacks alone. One
    file for every 6,144 characters, ACCOUNT-NUMBER.json. Exit codes: 0 written, 2 no assembly, or a type whose schema
    does not say what it needs.
    """
    from infra.deployment.execution_policy import NotDerivable, compact, execution_policies
    from infra.judges.template import NotAnAssembly
    from infra.nearby import nearby

    try:
        found = execution_policies(nearby(assembly))
    except (NotAnAssembly, NotDerivable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    folder.mkdir(parents=True, exist_ok=True)
    for policies in found:
        for old in folder.glob(f"{policies.account}-*.json"):
            old.unlink()
        for number, document in enumerate(policies.documents, 1):
            path = folder / f"{policies.account}-{number}.json"
            path.write_text(compact(document) + "\n")
            typer.echo(nearby(path))
        if policies.unknown_actions:
            typer.echo(f"left out, no such action in IAM: {', '.join(policies.unknown_actions)}", err=True)
