"""The preconditions: a module per group, a function per item."""
