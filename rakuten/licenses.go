package rakuten

// LicensesService asks about the licence key itself.
type LicensesService service
