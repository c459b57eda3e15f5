"""The face of those who are not signed in: welcome, accounts, errors."""
