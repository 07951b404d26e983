"""Files for outside translators: XLIFF, XLSX and TMX, written and read."""
