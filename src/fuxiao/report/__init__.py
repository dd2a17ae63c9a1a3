"""The faces of a period on paper: self-contained HTML scorecards, a department overview, a workbook."""
