"""Reading a posture from CloudFormation templates: files, intrinsic functions, references across stacks."""
