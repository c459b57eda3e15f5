"""What a pupil who knows would answer, read from the running demo's own database by the program's own code.

In a process of its own: the test's Django is not the demo's.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.e2e.conftest import ROOT, Demo

PROGRAM = """
import json, sys
import django
django.setup()
from pix.assessment.marking import variant_of
from pix.assessment.models import Assessment
from pix.generators.contract import Returned
from pix.web.demo.seed import right_answer
for line in sys.stdin:
    row = Assessment.objects.select_related("user").get(uuid=line.strip())
    variant = variant_of(
        release=row.release, question=row.open_question, person=row.user.uuid, attempt=row.uuid
    )
    sent = right_answer(variant)
    fields = dict(sent.fields or {})
    if sent.returned is not None:
        found = {"kind": "file", "name": sent.returned.name, "right": sent.returned.content.hex()}
    elif variant.check is not None:
        found = {"kind": "interactive", "right": json.loads(fields["answer"][0])}
    elif variant.question.template in ("QCU", "QCM"):
        found = {"kind": "choices", "right": fields["answer"]}
    else:
        found = {"kind": "fields", "right": {name: values[0] for name, values in fields.items()}}
    found["template"] = variant.question.template
    found["files"] = len(variant.files)
    found["question"] = row.open_question
    print(json.dumps(found), flush=True)
"""


def asker(demo: Demo) -> Callable[[str], dict[str, Any]]:
    """``ask(run uuid)`` → the right answer to its open question: ``kind``, ``right``, ``template``."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PIX_")},
        "PIX_VAR": str(demo.folder / "var"),
        "PIX_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(run: str) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{run}\n")
        process.stdin.flush()
        found: dict[str, Any] = json.loads(process.stdout.readline())
        return found

    ask.process = process  # type: ignore[attr-defined]
    return ask
