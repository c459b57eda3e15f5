"""Mails: written to the outbox in the transaction of their cause, then sent by one sender."""
