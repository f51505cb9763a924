// Package licensewatch tests the watcher of licence keys against databases that several
// instances share, and its calendar against another reader.
package licensewatch
