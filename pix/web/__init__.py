"""The faces: one per audience, above the domains; they do not know each other."""
