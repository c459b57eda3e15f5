"""Decisions about accounts: what a good password is, how a login is hidden."""

MIN_PASSWORD = 8
MAX_PASSWORD = 255
PASSWORD_RULE = "Votre mot de passe doit contenir 8 caractères au minimum et comporter au moins une majuscule, une minuscule et un chiffre."  # noqa: S105 - a sentence


def is_good_password(password: str) -> bool:
    """8 to 255 characters, an upper-case letter, a lower-case letter (any script) and a digit (schools 9.5)."""
    return (
        MIN_PASSWORD <= len(password) <= MAX_PASSWORD
        and any(c.isupper() for c in password)
        and any(c.islower() for c in password)
        and any(c.isdecimal() for c in password)
    )


def masked_email(email: str) -> str:
    """``j***@example.net`` (schools 9.3)."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"


def masked_username(username: str) -> str:
    """``f***.l***0``: first letter of each part and the last character (schools 9.3)."""
    first, _, last = username.partition(".")
    return f"{first[:1]}***.{last[:1]}***{username[-1:]}"
