"""Tables and configurations that administrators bring: read, judged row by row, put in force."""
