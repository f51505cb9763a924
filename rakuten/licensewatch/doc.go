// Package licensewatch watches the licence keys of many Rakuten shops. A key lives for 90 days,
// and only a person of the shop can issue the next one. A [Watcher] raises events before keys
// expire, a [Notice] is the text that says what the shop has to do by when, and [Calendar]
// writes a calendar file with the last day of each key. Name several people for a key, so that
// its end is not missed when one of them is away: see [Config.Contacts].
package licensewatch
