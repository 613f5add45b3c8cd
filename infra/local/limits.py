"""What the embedded AWS does not emulate, in the words that the command and the docs print."""

LIMITS = (
    "who may call: policies decide nothing, except where a service itself looks (delivery, trust, keys, locks)",
    "models: no inference, and no judgement of topics, words or personal data by a guardrail",
    "traffic: routes, groups, NACLs and DNS rules are state without effect",
    "SageMaker: an endpoint serves nothing; AWS's own registries have no images here, and no repository policy is read",
    "alarms on metric math, and metrics of services but Events, Scheduler, States and metric filters; endpoints do not "
    "scale",
    "time: schedules, alarms and events go by a clock that can be moved; a workflow's own waits and timeouts do not, "
    "and no key is rotated by it",
    "CloudTrail: calls that change something reach rules, the log group and LookupEvents; no files are delivered",
    "API Gateway: APIs answer no requests, a deployment is no snapshot; no authorizers, canaries or OpenAPI documents",
    "drift detection looks at every mirrored type, at those too that AWS does not check",
    "an import puts the stack's tags and writes nothing else, as some types do on AWS; it takes no API Gateway stage",
    "CloudFormation: stack policies, nested stacks, stack sets, hooks, macros, REVERT_DRIFT",
)
