"""Layer out: what leaves the house: indicator values, forms, documents, feedback. No new business rules."""
