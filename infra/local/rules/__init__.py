"""What AWS refuses although a template lints: a file per resource type, a function per rule (`infra/local/rule.py`)."""
