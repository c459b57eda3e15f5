"""Measures run by hand; their figures go into docs/performance.md with the machine and the command."""
