"""Jobs that a test can watch: what they did, and what they were told to raise."""

from django_tasks import task

DONE: list[str] = []
TROUBLE: dict[str, BaseException] = {}


@task()
def act(name: str) -> str:
    DONE.append(name)
    if name in TROUBLE:
        raise TROUBLE[name]
    return name
