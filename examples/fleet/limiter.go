package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// paceTable has the time of each shop's next turn. It is unlogged, as nothing in it is worth a
// write to the disk: a crash of the database empties it, and then the turns go on from now.
const paceTable = `
CREATE UNLOGGED TABLE IF NOT EXISTS pace (
	shop text PRIMARY KEY REFERENCES shops ON DELETE CASCADE,
	next timestamptz NOT NULL
);`

// takeTurn takes a shop's next turn, unless that is more than $3 ahead, and returns how far
// ahead it is. The clock is the database's, so those of the processes do not matter.
const takeTurn = `
INSERT INTO pace AS p (shop, next) VALUES ($1, clock_timestamp() + $2::interval)
ON CONFLICT (shop) DO UPDATE SET next = greatest(p.next, clock_timestamp()) + $2::interval
	WHERE p.next <= clock_timestamp() + $3::interval
RETURNING next - $2::interval - clock_timestamp()`

// used is the part of an allowance that a limiter uses. The rest is for turns that are late.
const used = 0.97

// limiter is a [shotengai.Limiter] that any number of processes share: never more than n
// requests of a shop are sent in any period. Requests come evenly, at 97 % of what is allowed
// as long as any process has one to send, without a burst.
//
// It costs one statement for each request, which is one round trip to the database, changes
// one row, and holds neither a transaction nor a connection while it waits. If the database
// does not answer, Wait returns its error and nothing is sent.
//
// Turns are taken in the order in which the requests reach the database, whichever process
// they come from: who has more of them under way gets more turns, and nobody starves. A turn
// whose request is given up meanwhile is lost.
type limiter struct {
	pool     *pgxpool.Pool
	shop     string
	interval time.Duration // between two turns
	slack    time.Duration // how late a turn may be used
	missed   atomic.Int64  // turns that were not used, because they had passed
}

// newLimiter returns the limiter of a shop. A request that is on its way for more than 1.5 % of
// the period, 0.9 s of a minute, may still arrive together with too many others.
func newLimiter(pool *pgxpool.Pool, shop string, n int, period time.Duration) *limiter {
	interval := time.Duration(float64(period) / float64(n) / used)
	// Any n turns take longer than the period, by what the n-th may be late. Half of it is for
	// the way from here to the platform.
	return &limiter{pool: pool, shop: shop, interval: interval, slack: (time.Duration(n)*interval - period) / 2}
}

// Wait returns when the next request of the shop may be sent. It returns an error at once if
// that is not before the deadline of ctx.
func (l *limiter) Wait(ctx context.Context) error {
	for {
		asked := time.Now()
		ahead, err := l.takeTurn(ctx)
		if err != nil {
			return fmt.Errorf("the turn of shop %s: %w", l.shop, err)
		}
		if err := sleep(ctx, ahead); err != nil {
			return err
		}
		if time.Since(asked)-ahead <= l.slack {
			return nil
		}
		l.missed.Add(1) // the database or this process was held up: take another turn
	}
}

func (l *limiter) takeTurn(ctx context.Context) (ahead time.Duration, err error) {
	longest := time.Duration(math.MaxInt32) * time.Second
	if deadline, ok := ctx.Deadline(); ok {
		longest = time.Until(deadline)
	}
	err = l.pool.QueryRow(ctx, takeTurn, l.shop, l.interval, longest).Scan(&ahead)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fmt.Errorf("%w: it comes too late", context.DeadlineExceeded)
	}
	return ahead, err
}
