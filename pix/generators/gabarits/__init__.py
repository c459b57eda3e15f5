"""Interactive templates: initial state, goals and checker of each simulator, one module each (content plan 3)."""
