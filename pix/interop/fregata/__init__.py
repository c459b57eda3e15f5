"""Fregata: the pupil base of the Agriculture ministry, as CSV (schools 6)."""

from pix.interop.fregata.columns import model_csv
from pix.interop.fregata.reader import read

__all__ = ["model_csv", "read"]
