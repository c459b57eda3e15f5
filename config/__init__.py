"""How the program is set: settings, addresses, WSGI entry, schedule."""
