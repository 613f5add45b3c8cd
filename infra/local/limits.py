"""What the embedded AWS does not emulate, in the words that the command and the docs print."""

LIMITS = (
    "who may call: policies, trusts and keys decide nothing yet, except where a service itself looks at them",
    "models: no inference, no judgement of topics, words or personal data by a guardrail",
    "data planes: no traffic flows, so routes, groups and DNS rules are state without effect",
    "SageMaker: an endpoint is InService without a container",
    "change of a drifted stack, import of resources, stack policies, nested stacks, stack sets, hooks and macros",
)
