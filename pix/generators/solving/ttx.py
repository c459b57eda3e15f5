"""Solves TTX and RENDU: gives every stretch a format that all the goals over it accept."""

from collections.abc import Sequence
from itertools import pairwise

from pix.generators import formatted


def solve(
    first: formatted.Document, goals: Sequence[formatted.Goal], tools: Sequence[str]
) -> formatted.Document | None:
    """The document once formatted, what no goal names left as it was; ``None`` when it takes a tool that is not given."""
    document = first
    for paragraph, name in dict.fromkeys((goal.paragraph, goal.format_name) for goal in goals):
        here = [goal for goal in goals if (goal.paragraph, goal.format_name) == (paragraph, name)]
        whole = name in formatted.PARAGRAPH_FORMATS
        cuts = sorted({bound for goal in here for bound in (goal.start, goal.end)})
        for start, end in [(0, 0)] if whole else pairwise(cuts):
            over = [goal for goal in here if whole or (goal.start <= start and end <= goal.end)]
            current = first[paragraph].values(name, start, end)
            if over and not all(goal.accepts(value) for goal in over for value in current):
                accepted = [value for value in formatted.ALLOWED[name] if all(goal.accepts(value) for goal in over)]
                if accepted and name not in tools:
                    return None
                if accepted:
                    document = formatted.apply(document, paragraph, start, end, name, accepted[0])
    return document
