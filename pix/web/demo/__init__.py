"""The demonstration's own pages: roles to try, outbox, clock, gallery. Not served elsewhere."""
