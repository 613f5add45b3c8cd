"""The gate: every control over an assembly's posture, and every judge over its templates, in one judgement.

Nothing in construct code can silence it: it reads what was written, and takes what is expected from the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, Verdict
from infra.controls.framework import controls, run
from infra.controls.judgement import Judgement, judge
from infra.posture.template.read import read
from infra.posture.values import Source
from infra.stack_names import of_enclave

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from infra.judges.template import Template
    from infra.settings import Enclave


class NotThisEnclave(ValueError):
    """The assembly holds no stack of the enclave it is checked for."""


def gate(assembly: Path, settings: Enclave, *, as_of: date, judges: bool = True) -> Judgement:
    """The judgement on an assembly, against one enclave's settings.

    `judges` false leaves the outside tools out. Raises NotThisEnclave, and TemplateError or NotAnAssembly where it
    cannot be read.
    """
    from infra.judges.template import assembly_templates

    posture = read(assembly)
    templates = assembly_templates(assembly)
    stacks = [template.stack for template in templates]
    if not any(of_enclave(stack, settings.name) for stack in stacks):
        raise NotThisEnclave(
            f"{assembly}: no stack of enclave {settings.name!r}, it holds {', '.join(stacks) or 'none'}; "
            f"name the enclave with --enclave, or synthesise it with `cdk synth -c enclave={settings.name}`"
        )
    found = run(posture, settings)
    if judges:
        found += tuple(_judged(templates))
    return judge(
        found,
        waivers=settings.waivers,
        assumptions=settings.assumptions,
        known=[control.id for control in controls()],
        as_of=as_of,
    )


def _judged(templates: list[Template]) -> Iterator[Finding]:
    """The judges' objections as findings; a judge without one that stands passes, one that cannot run is unknown."""
    from infra.judges.panel import hear
    from infra.judges.template import JudgeError

    try:
        hearing = hear(templates)
    except JudgeError as error:
        yield Finding("judges", Verdict.UNKNOWN, "templates", str(error), remedy="run `make setup` and try again")
        return
    by_stack = {template.stack: template for template in templates}
    for objection in hearing.standing:
        template = by_stack[objection.stack]
        yield Finding(
            f"{objection.judge}/{objection.rule}",
            Verdict.FAIL,
            f"{objection.stack}/{objection.logical_id}".rstrip("/"),
            objection.message,
            remedy="mend it, or accept it with a reason in infra/judges/accepted.yaml",
            source=Source(
                template.path.name, objection.logical_id, template.construct_paths.get(objection.logical_id, "")
            ),
        )
    objecting = {objection.judge for objection in hearing.standing}
    for name in hearing.judges:
        if name not in objecting:
            accepted = sum(objection.judge == name for objection, _ in hearing.accepted)
            yield Finding(name, Verdict.PASS, "templates", f"{len(templates)} templates, {accepted} findings accepted")
