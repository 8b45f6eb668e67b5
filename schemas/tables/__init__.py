"""One Pandera model per table; a column is declared once, over schemas.fields."""
