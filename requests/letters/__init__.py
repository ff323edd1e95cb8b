"""Letters, mails and receipts: strict templates, PDFs, kept documents."""
