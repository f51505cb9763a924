package oauth

import (
	"context"
	"time"

	"github.com/shotengai/shotengai-go"
)

// operation names what is asked of the token endpoint.
func (c *tokenCall) operation() string { return "oauth " + c.op }

// observed reports a request that is over, as an attempt and as a call.
func (c *tokenCall) observed(ctx context.Context, err error) {
	if c.Observe == nil {
		return
	}
	seen := c.seen
	seen.Platform, seen.Operation = c.Name, c.operation()
	seen.Kind, seen.Err = shotengai.KindOf(err), err
	seen.Took = time.Since(c.began)
	if seen.Attempt > 0 {
		c.Observe(ctx, seen)
	}
	seen.Finished = true
	if err != nil {
		seen.NotRetried = shotengai.NotRetriedUnsafe
	}
	c.Observe(ctx, seen)
}
