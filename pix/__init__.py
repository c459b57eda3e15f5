"""The program: domains below, one face per audience above (docs/adr/0002)."""
