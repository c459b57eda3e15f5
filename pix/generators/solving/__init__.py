"""Solves what authors ask: each gabarit's proof that its own check can be passed; never shown to anybody."""
