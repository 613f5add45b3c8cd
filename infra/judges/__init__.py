"""Outside tools run over the templates, one file each; their verdict is taken, none of their silencers are.

Every judge sees the templates without Metadata, so nothing that construct code can write (acknowledgements,
`cfn-lint` and `cdk_nag` configuration, guard suppressions) changes an answer. What is accepted stands in
`accepted.yaml`, reasoned and reviewed.
"""
