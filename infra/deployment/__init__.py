"""Synth, gate, deploy, verify: the stages that bring an enclave up, each with its progress."""
