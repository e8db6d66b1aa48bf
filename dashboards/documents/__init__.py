"""One neutral document, and the one writer of each kind of file: PDF, PowerPoint, workbook."""
