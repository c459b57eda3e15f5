"""Translators between files of other systems and typed values: no model, no Django."""
