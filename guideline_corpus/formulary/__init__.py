"""The MTUS drug formulary of 2018 (8 CCR 9792.27.1 and following) as a lookup by drug and day of dispensing."""
