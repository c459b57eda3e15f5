"""The person: account, password, open sign-ins."""
