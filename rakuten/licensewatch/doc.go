// Package licensewatch watches the licence keys of many Rakuten shops. A key lives for 90 days,
// and only a person of the shop can issue the next one: a [Watcher] raises an event in time,
// a [Notice] says to the shop what it has to do by when, and [Calendar] writes a file that puts
// the last days of all keys into the calendars of those who look after them. Several people
// look after a key, so that its end is not missed when one of them is away: see
// [Config.Contacts].
package licensewatch
