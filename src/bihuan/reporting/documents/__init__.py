"""Official documents to GB/T 9704-2012: paragraphs to .docx, measured in .pdf; pure, no Django."""
