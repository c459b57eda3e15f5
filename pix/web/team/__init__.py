"""The pages of a team, served by Orga and by Certif: teams of schools and of centres have one shape."""
