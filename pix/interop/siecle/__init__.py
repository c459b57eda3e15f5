"""SIECLE: the pupil base of the Education ministry, as XML or zipped XML (schools 5)."""

from pix.interop.siecle.reader import read

__all__ = ["read"]
