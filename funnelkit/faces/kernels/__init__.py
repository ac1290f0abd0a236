"""Kernels that are there at once: forked from a process that has imported what notebooks need."""
