"""What the embedded AWS does not emulate, in the words that the command and the docs print."""

LIMITS = (
    "who may call: policies decide nothing, except where a service itself looks (delivery, trust, keys, locks)",
    "models: no inference, and no judgement of topics, words or personal data by a guardrail",
    "traffic: routes, groups, NACLs and DNS rules are state without effect",
    "SageMaker: an endpoint serves nothing; images and artefacts are not looked for",
    "alarms change by SetAlarmState alone; metric filters feed no metric; endpoints do not scale",
    "CloudFormation: import, stack policies, nested stacks, stack sets, hooks, macros",
)
