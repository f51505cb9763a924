package oauth

import (
	"sync/atomic"
	"time"

	"github.com/shotengai/shotengai-go"
)

// EventKind is what happened to a grant.
type EventKind string

const (
	// EventRefreshed means that a grant was refreshed and stored.
	EventRefreshed EventKind = "refreshed"
	// EventReauthorize means that the shop's owner has to log in again. It is raised
	// once per grant, by the instance that found out: the platform has refused the refresh
	// token, or there is none and the access token has ended. Its cause matches [ErrRevoked]
	// where the platform has refused such a token before its end: see [StatusRevoked].
	EventReauthorize EventKind = "reauthorize"
	// EventInDoubt is raised instead of EventReauthorize where an answer of the
	// platform was lost before: see [ErrTokenInDoubt].
	EventInDoubt EventKind = "in_doubt"
	// EventUnsaved means that a refreshed grant could not be stored at the first try:
	// it is used from memory, and storing goes on until it works or the manager is
	// closed. EventRefreshed follows when it has worked.
	EventUnsaved EventKind = "unsaved"
	// EventOddAnswer means that the platform's answer to a refresh was not as it should be,
	// and that its tokens were taken all the same. The cause is a [*TokenError]. It may come
	// with each refresh of each shop, if the platform has changed its answers.
	EventOddAnswer EventKind = "odd_answer"
	// EventStoreLost means that the store does not know a grant any more that this
	// instance has used: see [ErrStoreLost].
	EventStoreLost EventKind = "store_lost"
)

// Event is something that happened to a grant.
type Event struct {
	// Kind is what happened.
	Kind EventKind
	// Key names the grant.
	Key Key
	// Version is the version of the record.
	Version int64
	// At is when it happened.
	At time.Time
	// Err is the cause; nil for EventRefreshed. It holds no secret.
	Err error
	// Failure is the kind of Err, for a label of a metric; "" for EventRefreshed.
	Failure shotengai.ErrorKind
	// Took is how long the refresh had been going on: waiting for other instances, asking the
	// platform and storing. The requests themselves are observed by [Provider.Observe].
	Took time.Duration
}

// Stats are counters since the manager was made, but for Copies, Flights and Unsaved,
// which are as of now.
type Stats struct {
	// Refreshes counts the refresh tokens that were turned into new grants.
	Refreshes int64
	// Failures counts the calls to the token endpoint that brought no grant.
	Failures int64
	// Replays counts repetitions of a refresh token whose answer was lost.
	Replays int64
	// Waits counts how often another process had the lease.
	Waits int64
	// Conflicts counts refreshed grants that another write had overtaken.
	Conflicts int64
	// Lost counts grants found to need a new login, those in doubt included.
	Lost int64
	// InDoubt counts the part of Lost that is in doubt.
	InDoubt int64
	// StoreErrors counts calls that the store failed.
	StoreErrors int64
	// Copies is the number of shops with a place in memory.
	Copies int64
	// Flights is the number of refreshes that have begun and not ended.
	Flights int64
	// Unsaved is the number of refreshed grants that wait for the store.
	Unsaved int64
}

type counters struct {
	refreshes, failures, replays, waits, conflicts atomic.Int64
	lost, inDoubt, storeErrors, flights            atomic.Int64
}

// Stats returns the counters.
func (m *Manager) Stats() Stats {
	return Stats{
		Refreshes:   m.count.refreshes.Load(),
		Failures:    m.count.failures.Load(),
		Replays:     m.count.replays.Load(),
		Waits:       m.count.waits.Load(),
		Conflicts:   m.count.conflicts.Load(),
		Lost:        m.count.lost.Load(),
		InDoubt:     m.count.inDoubt.Load(),
		StoreErrors: m.count.storeErrors.Load(),
		Copies:      int64(m.copies.len()),
		Flights:     m.count.flights.Load(),
		Unsaved:     int64(m.unsaved()),
	}
}

func (f *flight) emit(kind EventKind, version int64, err error) {
	if m := f.manager; m.onEvent != nil {
		m.onEvent(Event{
			Kind: kind, Key: f.place.key, Version: version, At: time.Now(), Err: err,
			Failure: shotengai.KindOf(err), Took: time.Since(f.began),
		})
	}
}
