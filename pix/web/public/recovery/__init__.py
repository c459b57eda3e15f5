"""« Récupérer mon compte », once school is over (schools 9.8)."""
