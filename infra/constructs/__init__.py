"""CDK building blocks of an enclave."""
