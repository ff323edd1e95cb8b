"""What leaves the town hall when something happens to a request: mails, letters, receipts."""
