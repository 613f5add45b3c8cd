"""One enclave, as its file says: YAML read into frozen, typed settings."""
