package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// connection is whether the app has what it reads the orders of a shop with. Its values are ends
// of keys of texts.
type connection string

const (
	connectionNone connection = "none" // nobody has linked the shop
	connectionGood connection = "good"
	connectionLost connection = "lost" // the platform refuses what it once granted
)

// byGrant follows the grant of the owner's login. The time is its end; zero where there is none.
func (p *platform) byGrant(ctx context.Context, sh shop) (connection, time.Time, error) {
	grant, err := p.grants.Status(ctx, sh.ID)
	switch {
	case errors.Is(err, oauth.ErrNoGrant):
		return connectionNone, time.Time{}, nil
	case err != nil:
		return connectionNone, time.Time{}, err
	case grant.Status != oauth.StatusActive:
		return connectionLost, grant.Ends, nil
	}
	return connectionGood, grant.Ends, nil
}

// byToken follows the persistent token of makeshop, with which the orders are read. It has no
// end. The grant of a login lasts for hours there and tells nothing of it.
func (a *app) byToken(ctx context.Context, sh shop) (connection, time.Time, error) {
	_, err := a.store.token(ctx, sh.shopKey)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return connectionNone, time.Time{}, nil
	case err != nil:
		return connectionNone, time.Time{}, err
	case sh.Trouble == troubleRefused:
		return connectionLost, time.Time{}, nil
	}
	return connectionGood, time.Time{}, nil
}

// trouble is what kept the app from reading a shop's orders the last time.
type trouble string

const (
	troubleNone    trouble = ""
	troubleRefused trouble = "refused" // the platform refused the token or key
	troubleOther   trouble = "other"   // it may pass
	troubleSlow    trouble = "slow"    // there was no time to read all
)

func troubleOf(err error) trouble {
	switch {
	case err == nil:
		return troubleNone
	case errors.Is(err, errUnfinished):
		return troubleSlow
	case errors.Is(err, shotengai.ErrUnauthorized), errors.Is(err, shotengai.ErrReauthorize):
		return troubleRefused
	}
	return troubleOther
}

// noteTrouble keeps the outcome of a run for the shop's page, unless another run has noted one
// since sh was read.
func (s *store) noteTrouble(ctx context.Context, sh shop, t trouble) error {
	return s.exec(ctx, `UPDATE app_shop_data SET trouble = $3 WHERE platform = $1 AND id = $2 AND trouble = $4`,
		sh.Platform, sh.ID, string(t), string(sh.Trouble))
}
