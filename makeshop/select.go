package makeshop

// notSelected marks a selection that could not be written; the reason is between two of
// them. It is no character of a document.
const notSelected = "\x00"
