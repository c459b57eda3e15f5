"""Durable background work: enqueued in the transaction of its cause, retried, recovered when its worker died."""
