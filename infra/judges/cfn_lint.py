"""cfn-lint: resource schemas of the stack's own region, and its rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from infra.judges.template import Objection, Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME = "cfn-lint"
# Named so that no .cfnlintrc of the working or home directory is looked for.
CONFIGURATION = Path(__file__).with_name("cfn_lint.config.yaml")


def judge(templates: Sequence[Template]) -> Iterator[Objection]:
    """cfn-lint's matches; most of its rules look only at the first region, so each template names its own."""
    from cfnlint.config import ConfigMixIn
    from cfnlint.decode.decode import decode_str
    from cfnlint.runner import Runner

    for template in templates:
        decoded, errors = decode_str(json.dumps(template.body, indent=1))
        configuration = ConfigMixIn(["--config-file", str(CONFIGURATION)], regions=[template.region])
        matches = errors or Runner(configuration).validate_template(decoded)
        for match in matches:
            yield Objection(NAME, match.rule.id, template.stack, _logical_id(match.path), match.message)


def _logical_id(path: Sequence[object] | None) -> str:
    return str(path[1]) if path and len(path) > 1 and path[0] == "Resources" else ""
