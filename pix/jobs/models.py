"""Signs of life of the workers, so that a job whose worker died is taken up again."""

from django.db import models


class WorkerBeat(models.Model):
    worker = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class Attempt(models.Model):
    """How often one job failed; the row is there before each run, and goes when the job succeeds or is given up."""

    job = models.UUIDField(primary_key=True)
    count = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.job)
