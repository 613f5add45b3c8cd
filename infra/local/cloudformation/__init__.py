"""CloudFormation as an engine of its own, behind moto's CloudFormation address."""
