"""Exact arithmetic of pix and percentages: integers only, rounding once, at display (spec: learning 0 and 1.3)."""

from fractions import Fraction

UNITS_PER_PIX = 720_720
"""Least common multiple of 1…16: any ``8/n`` pix is a whole number of units."""

MAX_SKILLS_PER_LEVEL = 16


def pct(value: int, total: int) -> int:
    """Percentage rounded half up to an integer; 0 when ``total`` is 0. The one rule for stages, badges, thresholds."""
    if total == 0:
        return 0
    return (200 * value + total) // (2 * total)


def pix_value_units(skills_of_level: int) -> int:
    """Worth, in units, of one skill whose competence has ``skills_of_level`` skills of that level: ``min(4, 8/n)`` pix.

    Raises ``ValueError`` beyond 16 skills in a level: the value would not be a whole number of units.
    """
    if not 1 <= skills_of_level <= MAX_SKILLS_PER_LEVEL:
        raise ValueError(f"a level holds 1 to {MAX_SKILLS_PER_LEVEL} skills, not {skills_of_level}")
    units = min(Fraction(4), Fraction(8, skills_of_level)) * UNITS_PER_PIX
    assert units.denominator == 1
    return int(units)
