"""The Excel workbook: the two models as live formulas, the one permitted second copy of them."""
