"""Layer raw: what the office sent, copied faithfully as text; only allow-listed columns pass this gate."""
