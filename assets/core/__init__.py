"""Layer core: one trusted, typed row per dossier, procedure, petition, declared figure. No reporting periods."""
