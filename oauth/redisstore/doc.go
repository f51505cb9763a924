// Package redisstore keeps grants in Redis. It is a module of its own, so that go-redis
// reaches only those who use it.
//
//	store, err := redisstore.New(redis.NewClient(&redis.Options{Addr: addr}))
//	report, err := store.Check(ctx) // at start
//	for _, warning := range report.Warnings {
//		logger.Warn(warning)
//	}
//
// Take it for grants that are worth a new login at most. Redis acknowledges a write
// before it is safe: with the default persistence a crash loses minutes, with an
// append-only file a second, and a fail-over loses what the replica had not seen. A
// platform with rotating refresh tokens counts each such loss as a lost grant, unless an
// instance that is still running writes its newer copy back. Package sqlstore on
// PostgreSQL has no such window. Check returns what the server is set to.
//
// Each grant is one hash, changed by one script, with leases by Redis's own clock. A
// script that is repeated because its answer was lost answers the same. The keys of a
// grant share a hash tag, so that Redis Cluster keeps them in one slot, and have no time
// to live.
package redisstore
