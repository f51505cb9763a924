package redisstore

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// Numbers leave a script through string.format, because tostring of Lua rounds to 14
// digits, one less than microseconds since 1970 have.
const prelude = `
local row = KEYS[1]
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000000 + t[2]
end
local function text(n) return string.format('%.0f', n) end
local function write(version, save_id, status, reason, sealed, expiry, due, ends)
  redis.call('HSET', row, 'version', version, 'save_id', save_id, 'status', status, 'reason', reason, 'sealed', sealed,
    'expiry', expiry, 'due', due, 'ends', ends, 'updated', text(now()), 'lease_owner', '', 'lease_until', '0', 'attempts', '0')
end
`

// What the scripts answer.
const (
	isAbsent = iota
	isConflict
	isDone
	isTaken
	isHeldOff
)

var putScript = redis.NewScript(prelude + `
local version = text((tonumber(redis.call('HGET', row, 'version')) or 0) + 1)
write(version, unpack(ARGV))
return tonumber(version)
`)

var saveScript = redis.NewScript(prelude + `
local old = redis.call('HMGET', row, 'version', 'save_id', 'status')
if not old[1] then return 0 end
if old[3] == 'deleted' then return 1 end
if old[1] == ARGV[2] and old[2] == ARGV[3] then return 2 end
if old[1] ~= ARGV[1] then return 1 end
write(unpack(ARGV, 2))
return 2
`)

var acquireScript = redis.NewScript(prelude + `
local old = redis.call('HMGET', row, 'version', 'status', 'lease_owner', 'lease_until', 'attempts')
if not old[1] then return {0, 0} end
if old[1] ~= ARGV[1] or old[2] ~= 'active' then return {1, 0} end
local at, attempts = now(), tonumber(old[5])
local rest = tonumber(old[4]) - at
if rest > 0 and old[3] == '' then return {4, rest} end
if rest > 0 and old[3] ~= ARGV[2] then return {3, rest} end
if rest <= 0 then attempts = attempts + 1 end
redis.call('HSET', row, 'lease_owner', ARGV[2], 'lease_until', text(at + tonumber(ARGV[3])), 'attempts', text(attempts))
return {2, attempts - 1}
`)

var releaseScript = redis.NewScript(prelude + `
local old = redis.call('HMGET', row, 'lease_owner', 'attempts')
if not old[1] or old[1] ~= ARGV[1] then return 0 end
redis.call('HSET', row, 'lease_owner', '', 'lease_until', text(now() + tonumber(ARGV[2])),
  'attempts', text(math.max(tonumber(old[2]) - 1, 0)))
return 2
`)

var deleteScript = redis.NewScript(prelude + `
local old = redis.call('HMGET', row, 'version', 'status')
if not old[1] or old[2] == 'deleted' then return 0 end
write(text(tonumber(old[1]) + 1), '', 'deleted', '', '', '0', '0', '0')
return 2
`)

// values are the arguments of a record, in the order of write.
func values(rec oauth.Record) []any {
	return []any{rec.SaveID, string(rec.Status), rec.Reason, rec.Sealed, micros(rec.Expiry), micros(rec.Due), micros(rec.Ends)}
}

func (s *Store) run(ctx context.Context, script *redis.Script, key oauth.Key, args ...any) *redis.Cmd {
	return script.Run(ctx, s.client, []string{s.row(key)}, args...)
}

// Put stores a new consent. The shop is indexed first, so that a grant is never missed
// by Due.
func (s *Store) Put(ctx context.Context, key oauth.Key, rec oauth.Record) (int64, error) {
	if err := s.client.ZAdd(ctx, s.index(key.Platform, key.App), redis.Z{Member: key.Shop}).Err(); err != nil {
		return 0, explain("put", err)
	}
	version, err := s.run(ctx, putScript, key, values(rec)...).Int64()
	return version, explain("put", err)
}

// Save replaces the record of a version.
func (s *Store) Save(ctx context.Context, key oauth.Key, version int64, rec oauth.Record) error {
	answer, err := s.run(ctx, saveScript, key, append([]any{version, rec.Version}, values(rec)...)...).Int()
	if err == nil {
		err = outcome(answer)
	}
	return explain("save", err)
}

func outcome(answer int) error {
	switch answer {
	case isAbsent:
		return oauth.ErrNoGrant
	case isConflict:
		return shotengai.ErrConflict
	}
	return nil
}

// Acquire takes the lease.
func (s *Store) Acquire(ctx context.Context, key oauth.Key, version int64, owner string, ttl time.Duration) (oauth.Lease, error) {
	answer, err := s.run(ctx, acquireScript, key, version, owner, ttl.Microseconds()).Int64Slice()
	if err == nil && len(answer) != 2 {
		err = errors.New("unexpected answer")
	}
	if err != nil {
		return oauth.Lease{}, explain("acquire", err)
	}
	rest := time.Duration(answer[1]) * time.Microsecond
	switch answer[0] {
	case isDone:
		return oauth.Lease{Held: true, Attempts: int(answer[1])}, nil
	case isTaken:
		return oauth.Lease{Remaining: rest}, nil
	case isHeldOff:
		return oauth.Lease{Remaining: rest, HeldOff: true}, nil
	}
	return oauth.Lease{}, outcome(int(answer[0]))
}

// Release gives the lease back.
func (s *Store) Release(ctx context.Context, key oauth.Key, owner string, wait time.Duration) error {
	return explain("release", s.run(ctx, releaseScript, key, owner, wait.Microseconds()).Err())
}

// Delete marks the record as deleted.
func (s *Store) Delete(ctx context.Context, key oauth.Key) error {
	return explain("delete", s.run(ctx, deleteScript, key).Err())
}
