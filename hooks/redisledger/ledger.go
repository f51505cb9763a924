package redisledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go/hooks"
)

// Ledger is a [hooks.Ledger] in Redis. It is safe for concurrent use.
type Ledger struct {
	client redis.UniversalClient
	prefix string
}

// Option changes a ledger at its construction.
type Option func(*Ledger) error

// WithPrefix sets what the keys begin with; "shotengai:hook:" without it. It must not
// hold braces, which are Redis's hash tag.
func WithPrefix(prefix string) Option {
	return func(l *Ledger) error {
		if prefix == "" || strings.ContainsAny(prefix, "{}") {
			return fmt.Errorf("redisledger: invalid prefix %q", prefix)
		}
		l.prefix = prefix
		return nil
	}
}

// New returns a ledger on client. It sends nothing: see [Ledger.Check].
func New(client redis.UniversalClient, opts ...Option) (*Ledger, error) {
	if client == nil {
		return nil, errors.New("redisledger: no client")
	}
	l := &Ledger{client: client, prefix: "shotengai:hook:"}
	for _, opt := range opts {
		if err := opt(l); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// ErrVolatile means that the server may forget what it acknowledged.
var ErrVolatile = errors.New("redisledger: the server may forget events")

// Check fails with [ErrVolatile] when the server does not write an append-only file,
// or may evict keys. A server that does not show its configuration, as hosted ones do,
// passes.
func (l *Ledger) Check(ctx context.Context) error {
	if err := l.client.Ping(ctx).Err(); err != nil {
		return wrap("check", err)
	}
	config, err := l.client.ConfigGet(ctx, "appendonly").Result()
	if err == nil && config["appendonly"] == "no" {
		return fmt.Errorf("%w: appendonly is off", ErrVolatile)
	}
	config, err = l.client.ConfigGet(ctx, "maxmemory*").Result()
	if err == nil && config["maxmemory"] != "0" && config["maxmemory-policy"] != "noeviction" {
		return fmt.Errorf("%w: maxmemory-policy is %s", ErrVolatile, config["maxmemory-policy"])
	}
	return nil
}

// keys are the event's hash, the shop's, and the set of the shop's installs that have
// ended. Without a shop only the first is used.
func (l *Ledger) keys(claim hooks.Claim) []string {
	tag := "shop/" + claim.Shop
	if claim.Shop == "" {
		tag = "event/" + claim.ID
	}
	tag = strings.NewReplacer("{", "%7b", "}", "%7d").Replace(tag)
	tag = l.prefix + "{" + tag + "}"
	return []string{tag + ":e:" + claim.ID, tag + ":s", tag + ":g"}
}

// The scripts begin with the server's clock in milliseconds. An event is a hash of
// owner, until, attempt, first, done, expires and result, and is kept at least a minute
// past its end, so that its owner may ask again; a shop is a hash of owner, until,
// kind, ref and at, and stays, as the set of its installs that have ended does.
const clock = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local e, s, g = KEYS[1], KEYS[2], KEYS[3]
local owner, shop = ARGV[1], ARGV[2] == '1'
`

var beginScript = redis.NewScript(clock + `
local lease, retention, ref = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local function held(key)
  local h = redis.call('HMGET', key, 'owner', 'until')
  return h[1] and h[1] ~= '' and h[1] ~= owner and tonumber(h[2]) > now
end
local past = redis.call('HMGET', e, 'done', 'expires', 'result')
if past[1] == '1' then
  if tonumber(past[2]) > now then
    return {'finished', past[3]}
  end
  redis.call('DEL', e)
end
if held(e) or (shop and held(s)) then
  return {'busy'}
end
redis.call('HSETNX', e, 'first', now)
if redis.call('HGET', e, 'owner') ~= owner then
  redis.call('HINCRBY', e, 'attempt', 1)
end
redis.call('HSET', e, 'owner', owner, 'until', now + lease)
redis.call('PEXPIRE', e, math.max(retention, lease))
local newest, ended = {'', '', '0'}, 0
if shop then
  redis.call('HSET', s, 'owner', owner, 'until', now + lease)
  local m = redis.call('HMGET', s, 'kind', 'ref', 'at')
  newest = {m[1] or '', m[2] or '', m[3] or '0'}
  ended = redis.call('SISMEMBER', g, ref)
end
local row = redis.call('HMGET', e, 'attempt', 'first')
return {'granted', row[1], row[2], newest[1], newest[2], newest[3], tostring(ended)}
`)

var finishScript = redis.NewScript(clock + `
local result, keep, kind, ref, at = ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local row = redis.call('HMGET', e, 'owner', 'done')
if row[1] ~= owner then
  return 'lost'
end
if row[2] == '1' then
  return 'ok'
end
if shop then
  if redis.call('HGET', s, 'owner') ~= owner then
    return 'lost'
  end
  if kind ~= '' then
    redis.call('HSET', s, 'kind', kind, 'ref', ref, 'at', at)
  end
  for i = 8, #ARGV do
    redis.call('SADD', g, ARGV[i])
  end
  redis.call('HSET', s, 'owner', '', 'until', 0)
end
redis.call('HSET', e, 'done', '1', 'result', result, 'expires', now + keep)
redis.call('PEXPIRE', e, math.max(keep, 60000))
return 'ok'
`)

var abandonScript = redis.NewScript(clock + `
local row = redis.call('HMGET', e, 'owner', 'done')
if row[1] == owner and row[2] ~= '1' then
  redis.call('HSET', e, 'owner', '', 'until', 0)
end
if shop and redis.call('HGET', s, 'owner') == owner then
  redis.call('HSET', s, 'owner', '', 'until', 0)
end
return 'ok'
`)

// Begin implements [hooks.Ledger].
func (l *Ledger) Begin(ctx context.Context, claim hooks.Claim) (hooks.Decision, error) {
	if err := claim.Validate(); err != nil {
		return hooks.Decision{}, err
	}
	reply, err := beginScript.Run(ctx, l.client, l.keys(claim), claim.Owner, flag(claim.Shop != ""),
		claim.Lease.Milliseconds(), hooks.Retention.Milliseconds(), claim.Ref).StringSlice()
	if err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	switch hooks.State(reply[0]) {
	case hooks.Busy:
		return hooks.Decision{State: hooks.Busy}, nil
	case hooks.Finished:
		return hooks.Decision{State: hooks.Finished, Result: []byte(reply[1])}, nil
	}
	return granted(reply)
}

func granted(reply []string) (hooks.Decision, error) {
	attempt, attemptErr := strconv.Atoi(reply[1])
	first, firstErr := strconv.ParseInt(reply[2], 10, 64)
	at, atErr := strconv.ParseInt(reply[5], 10, 64)
	if err := errors.Join(attemptErr, firstErr, atErr); err != nil {
		return hooks.Decision{}, wrap("begin", err)
	}
	decision := hooks.Decision{
		State:   hooks.Granted,
		Attempt: attempt,
		First:   time.UnixMilli(first),
		Newest:  hooks.Mark{Kind: hooks.Kind(reply[3]), Ref: reply[4]},
		Ended:   reply[6] == "1",
	}
	if !decision.Newest.IsZero() {
		decision.Newest.At = time.UnixMilli(at)
	}
	return decision, nil
}

// Finish implements [hooks.Ledger].
func (l *Ledger) Finish(ctx context.Context, claim hooks.Claim, outcome hooks.Outcome) error {
	if err := outcome.Validate(); err != nil {
		return err
	}
	args := []any{
		claim.Owner, flag(claim.Shop != ""), outcome.Result, outcome.Retained().Milliseconds(),
		string(outcome.Mark.Kind), outcome.Mark.Ref, outcome.Mark.At.UnixMilli(),
	}
	for _, ref := range outcome.Ends {
		args = append(args, ref)
	}
	state, err := finishScript.Run(ctx, l.client, l.keys(claim), args...).Text()
	if err != nil {
		return wrap("finish", err)
	}
	if state != "ok" {
		return hooks.ErrClaimLost
	}
	return nil
}

// Abandon implements [hooks.Ledger].
func (l *Ledger) Abandon(ctx context.Context, claim hooks.Claim) error {
	return wrap("abandon", abandonScript.Run(ctx, l.client, l.keys(claim), claim.Owner, flag(claim.Shop != "")).Err())
}

func flag(set bool) string {
	if set {
		return "1"
	}
	return "0"
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("redisledger: %s: %w", what, err)
}
