"""One screen that says what a run came to: stacks, controls by family, assumptions, what is not emulated, reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rich.table import Table

from infra.controls.finding import Verdict
from infra.controls.framework import controls

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from infra.controls.judgement import Judgement
    from infra.judges.template import Template

OF_THE_ACCOUNT = ("drift", "stacks")
"""What live verification calls the comparison with the templates, and the states of the stacks: families by themselves.
"""
WORDS = {Verdict.PASS: "holds", Verdict.FAIL: "FALLS SHORT", Verdict.UNKNOWN: "UNKNOWN"}
SHOWN_AT_MOST = 8


def families(judgement: Judgement) -> dict[str, Counter[Verdict]]:
    """How many controls (or judges) of each family came to which verdict; the worst of a control's findings counts."""
    families_of = {control.id: control.family for control in controls()}
    worst: dict[tuple[str, str], Verdict] = {}
    ranks = [Verdict.PASS, Verdict.UNKNOWN, Verdict.FAIL]
    for each in judgement.judged:
        control = each.finding.control.split("/")[0]
        family = families_of.get(control) or (control if control in OF_THE_ACCOUNT else "judges")
        worst[family, control] = max(worst.get((family, control), Verdict.PASS), each.verdict, key=ranks.index)
    counted: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for (family, _), verdict in worst.items():
        counted[family][verdict] += 1
    return dict(sorted(counted.items()))


def show(
    console: Console,
    *,
    enclave: str,
    target: str,
    templates: Sequence[Template],
    gate: Judgement,
    live: Judgement | None,
    seconds: Mapping[str, float],
    exercised: Sequence[str],
    limits: Sequence[str],
    reports: Sequence[str],
) -> None:
    """Print the summary."""
    console.rule(f"enclave {enclave} on {target}")
    stacks = Table(box=None, padding=(0, 2), show_header=True)
    stacks.add_column("stack")
    stacks.add_column("resources", justify="right")
    for template in templates:
        stacks.add_row(template.stack, str(len(template.body["Resources"])))
    stacks.add_row(f"{len(templates)} stacks", str(sum(len(t.body["Resources"]) for t in templates)), style="bold")
    controls = Table(box=None, padding=(0, 2))
    for column in ("family", "templates", "live"):
        controls.add_column(column)
    on_templates, on_live = families(gate), families(live) if live else {}
    for family in sorted(on_templates.keys() | on_live.keys()):
        controls.add_row(family, _ratio(on_templates.get(family)), _ratio(on_live.get(family)))
    side_by_side = Table.grid(padding=(0, 6))
    side_by_side.add_row(stacks, controls)
    console.print(side_by_side)
    for line in _lines(gate, live, seconds, exercised, limits, reports):
        console.print(line, highlight=False, soft_wrap=True)


def _ratio(counted: Counter[Verdict] | None) -> str:
    if counted is None:
        return "-"
    return f"{counted[Verdict.PASS]} of {counted.total()}"


def _lines(
    gate: Judgement,
    live: Judgement | None,
    seconds: Mapping[str, float],
    exercised: Sequence[str],
    limits: Sequence[str],
    reports: Sequence[str],
) -> Iterator[str]:
    assumed = {each.assumption.id: each.assumption for each in gate.judged if each.assumption}
    for assumption in assumed.values():
        yield f"assumed  {assumption.id}, until {assumption.expires} ({assumption.owner})"
    yield from exercised
    for limit in limits:
        yield f"not emulated  {limit}"
    for report in reports:
        yield f"report  {report}"
    for name, judgement in (("gate", gate), ("live", live)):
        if judgement:
            yield from _short_of(name, judgement)
    yield "time     " + ", ".join(f"{name} {taken:.1f} s" for name, taken in seconds.items())
    yield f"gate     {WORDS[gate.verdict]}"
    yield f"live     {WORDS[live.verdict] if live else 'not deployed'}"


def _short_of(name: str, judgement: Judgement) -> Iterator[str]:
    """What did not hold, as far as a screen takes it; the reports have the rest, witnesses and remedies."""
    yield from (f"{name}     error: {error}" for error in judgement.errors)
    found = sorted(
        (each for each in judgement.judged if each.verdict is not Verdict.PASS), key=lambda each: each.finding.order
    )
    for each in found[:SHOWN_AT_MOST]:
        yield f"{name}     {WORDS[each.verdict]} {each.finding.control}  {each.finding.subject}: {each.finding.message}"
    if len(found) > SHOWN_AT_MOST:
        yield f"{name}     and {len(found) - SHOWN_AT_MOST} more, see the reports"
