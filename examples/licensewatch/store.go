package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"sync"

	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// fileStore keeps the watcher's records in one JSON file. It is for one program at a time;
// several instances share a database instead.
type fileStore struct {
	mu      sync.Mutex
	path    string
	records map[string]licensewatch.Record
}

// openStore reads the file; without a path, nothing outlives the program.
func openStore(path string) (licensewatch.Store, error) {
	if path == "" {
		return &licensewatch.MemoryStore{}, nil
	}
	s := &fileStore{path: path, records: make(map[string]licensewatch.Record)}
	text, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, failf("the state cannot be read: %w", err)
	}
	if err := json.Unmarshal(text, &s.records); err != nil {
		return nil, failf("%s is no state of this program: %w", path, err)
	}
	return s, nil
}

// Load returns a shop's record.
func (s *fileStore) Load(_ context.Context, shop string) (licensewatch.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record := s.records[shop]
	record.Shop = shop
	return record, nil
}

// Save stores a record if nobody else has meanwhile.
func (s *fileStore) Save(_ context.Context, record licensewatch.Record) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records[record.Shop].Version != record.Version {
		return false, nil
	}
	record.Version++
	s.records[record.Shop] = record
	text, err := json.MarshalIndent(s.records, "", "  ")
	if err != nil {
		return false, err
	}
	// A file beside it, moved over it: a program that is killed leaves one of the two whole.
	if err := os.WriteFile(s.path+".new", text, 0o600); err != nil {
		return false, err
	}
	return true, os.Rename(s.path+".new", s.path)
}
