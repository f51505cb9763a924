package redisstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go/oauth"
)

// Report is what Check has found. Of a cluster it describes the worst node.
type Report struct {
	// Version is that of the server.
	Version string
	// AppendOnly reports that writes go to an append-only file.
	AppendOnly bool
	// Fsync is the server's appendfsync; empty where the server does not say.
	Fsync string
	// Policy is what the server does when its memory is full.
	Policy string
	// Fresh reports that no store with this prefix was here before: it is the first start,
	// or everything was lost.
	Fresh bool
	// Warnings say in words what endangers grants.
	Warnings []string
}

// Check asks the server how safe grants are with it, and leaves a marker by which Load
// notices that it was emptied. Call it at start and log the warnings. A connection that
// cannot write is an error that matches [oauth.ErrStoreSetup].
func (s *Store) Check(ctx context.Context) (Report, error) {
	var report Report
	ours := rand.Text()
	created, err := s.client.SetNX(ctx, s.marker(), ours, 0).Result()
	if err != nil && strings.HasPrefix(err.Error(), "READONLY") {
		return report, fmt.Errorf("redisstore: check: %w: %w", oauth.ErrStoreSetup, err)
	}
	var mark string
	if err == nil {
		mark, err = s.client.Get(ctx, s.marker()).Result()
	}
	if err != nil {
		return report, explain("check", err)
	}
	s.mark.Store(&mark)
	report.Fresh = created || mark == ours // a repetition by the client creates nothing
	if report.Fresh {
		report.warn("no earlier start has left its mark: if grants were kept here before, they are lost")
	}
	if err := s.inspect(ctx, &report); err != nil {
		return report, explain("check", err)
	}
	return report, nil
}

// inspect asks every node that takes writes.
func (s *Store) inspect(ctx context.Context, report *Report) error {
	cluster, ok := s.client.(*redis.ClusterClient)
	if !ok {
		return report.inspect(ctx, s.client)
	}
	var mu sync.Mutex
	return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		return report.inspect(ctx, node)
	})
}

func (r *Report) warn(text string) { r.Warnings = append(r.Warnings, "redisstore: "+text) }

func (r *Report) inspect(ctx context.Context, node redis.Cmdable) error {
	info := make(map[string]string)
	for _, section := range []string{"server", "memory", "persistence"} {
		text, err := node.Info(ctx, section).Result()
		if err != nil {
			return err
		}
		for line := range strings.Lines(text) {
			if name, value, found := strings.Cut(strings.TrimSpace(line), ":"); found {
				info[name] = value
			}
		}
	}
	if info["redis_version"] == "" {
		return errors.New("the server does not describe itself")
	}
	r.Version = info["redis_version"]
	r.persistence(ctx, node, info["aof_enabled"] == "1", info["aof_last_write_status"])
	r.Policy = info["maxmemory_policy"]
	if r.Policy != "" && r.Policy != "noeviction" {
		r.warn("maxmemory-policy is " + r.Policy + ": a full server would throw grants away; set noeviction")
	}
	return nil
}

func (r *Report) persistence(ctx context.Context, node redis.Cmdable, aof bool, lastWrite string) {
	r.AppendOnly = aof
	if !aof {
		r.warn("appendonly is off: a crash loses every grant refreshed since the last snapshot; set appendonly yes, or use PostgreSQL")
		return
	}
	if lastWrite != "" && lastWrite != "ok" {
		r.warn("the last write to the append-only file failed")
	}
	// Managed servers often refuse CONFIG.
	if settings, err := node.ConfigGet(ctx, "appendfsync").Result(); err == nil {
		r.Fsync = settings["appendfsync"]
	}
	if r.Fsync != "always" {
		r.warn("appendfsync is not known to be always: a crash loses up to a second of refreshed grants")
	}
}
