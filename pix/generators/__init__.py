"""Files, states and answers drawn from a seed: one function per generator, no Django (content plan 7)."""
