"""A signed letter as a file: the PDF that was signed, a working copy in DOCX."""
