"""What must hold: one control per file, found by walking the folder."""
