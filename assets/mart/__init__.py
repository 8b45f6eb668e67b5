"""Layer mart: shaped for counting, state as of the cut-off. No cleaning, no code mapping."""
