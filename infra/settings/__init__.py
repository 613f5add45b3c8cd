"""Settings: YAML files to frozen, typed values; every error with file and line."""

from infra.settings.enclave import (
    Accounts,
    Assumption,
    Consumer,
    Enclave,
    GuardrailChoice,
    Hosting,
    Instances,
    ModelChoice,
    Network,
    PreviousVersion,
    Retention,
    Waiver,
)
from infra.settings.loader import Checked, check, files, find, load, loads
from infra.settings.problem import Problem, SettingsError
from infra.settings.profile import GuardrailProfile
from infra.settings.starter import write_new
from infra.settings.together import among_others, choose, neighbours, together

__all__ = [
    "Accounts",
    "Assumption",
    "Checked",
    "Consumer",
    "Enclave",
    "GuardrailChoice",
    "GuardrailProfile",
    "Hosting",
    "Instances",
    "ModelChoice",
    "Network",
    "PreviousVersion",
    "Problem",
    "Retention",
    "SettingsError",
    "Waiver",
    "among_others",
    "check",
    "choose",
    "files",
    "find",
    "load",
    "loads",
    "neighbours",
    "together",
    "write_new",
]
