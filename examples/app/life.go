package main

import (
	"context"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go/oauth"
)

// stage is where a shop stands with the app. The facts of its install are kept apart from its
// data, because the platform goes on with the install whatever happens to the data: a shop that
// has its data erased goes on paying, and is not asked to install what is installed.
//
//	            install             login     begin     uninstall  erase
//	(unknown)   new                 new       –         –          –
//	new         new                 new       active    left       new, or unknown if not installed
//	active      returned            active    –         left       new, or unknown if not installed
//	returned    returned            returned  active    left       new, or unknown if not installed
//	left        returned, or new    left      –         –          unknown
//	            without data
//
// Color Me and makeshop report installs and uninstalls. STORES reports neither: the login is the
// install, and to unlink the shop is the uninstall. A shop of Rakuten is there once its licence
// key was handed over, begins by that, and has left when the key is removed.
type stage string

const (
	stageNew      stage = "new"      // its owner has not begun
	stageReturned stage = "returned" // came back: its owner has not decided about the old data
	stageActive   stage = "active"
	stageLeft     stage = "left" // uninstalled; its data stay for retention
)

// retention is how long the data of a shop are kept that uninstalled the app.
const retention = 30 * 24 * time.Hour

// installed notes an install. Data that are there are of an earlier one.
func (s *store) installed(ctx context.Context, key shopKey, contract string) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`INSERT INTO app_installs (platform, id, contract, installed_at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (platform, id) DO UPDATE SET contract = excluded.contract, installed_at = excluded.installed_at, left_at = 0`,
				key.Platform, key.ID, contract, time.Now().Unix()),
			exec(`UPDATE app_shop_data SET stage = CASE WHEN stage = 'active' THEN 'returned' ELSE stage END, trouble = ''
				WHERE platform = $1 AND id = $2`, key.Platform, key.ID),
			exec(`DELETE FROM app_session_shops WHERE platform = $1 AND shop = $2`, key.Platform, key.ID), // the owner may be another one
		)
	})
}

// seen notes a login. On platforms without hooks it is the install too.
func (s *store) seen(ctx context.Context, key shopKey, name string) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`INSERT INTO app_installs (platform, id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key.Platform, key.ID),
			exec(`INSERT INTO app_shop_data (platform, id, name, stage) VALUES ($1, $2, $3, 'new')
				ON CONFLICT (platform, id) DO UPDATE SET name = excluded.name`, key.Platform, key.ID, name),
		)
	})
}

// handedOver notes that a licence key was handed over. A shop without old data begins by that.
func (s *store) handedOver(ctx context.Context, key shopKey) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`INSERT INTO app_installs (platform, id) VALUES ($1, $2)
				ON CONFLICT (platform, id) DO UPDATE SET left_at = 0`, key.Platform, key.ID),
			exec(`INSERT INTO app_shop_data (platform, id, stage) VALUES ($1, $2, 'active') ON CONFLICT DO NOTHING`, key.Platform, key.ID),
		)
	})
}

// begin ends the first page. With forget the old data are erased.
func (s *store) begin(ctx context.Context, key shopKey, forget bool) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		var errs []error
		if forget {
			errs = append(errs,
				exec(`DELETE FROM app_orders WHERE platform = $1 AND shop = $2`, key.Platform, key.ID),
				exec(`UPDATE app_shop_data SET synced_at = 0, read_to = '' WHERE platform = $1 AND id = $2`, key.Platform, key.ID))
		}
		return errors.Join(append(errs,
			exec(`UPDATE app_shop_data SET stage = 'active' WHERE platform = $1 AND id = $2`, key.Platform, key.ID))...)
	})
}

// left notes an uninstall: nobody sees the shop any more, and its secrets are gone.
func (s *store) left(ctx context.Context, key shopKey) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`UPDATE app_installs SET contract = '', token = '', installed_at = 0, left_at = $3 WHERE platform = $1 AND id = $2`,
				key.Platform, key.ID, time.Now().Unix()),
			exec(`UPDATE app_shop_data SET stage = 'returned' WHERE platform = $1 AND id = $2 AND stage = 'active'`, key.Platform, key.ID),
			exec(`DELETE FROM app_session_shops WHERE platform = $1 AND shop = $2`, key.Platform, key.ID),
		)
	})
}

// erase removes the data of a shop but its grant, which is the manager's, and its licence. Of
// the install nothing is kept if it is over.
func (s *store) erase(ctx context.Context, key shopKey, over bool) error {
	return s.inTx(ctx, func(exec func(string, ...any) error) error {
		return errors.Join(
			exec(`DELETE FROM app_orders WHERE platform = $1 AND shop = $2`, key.Platform, key.ID),
			exec(`DELETE FROM app_session_shops WHERE platform = $1 AND shop = $2`, key.Platform, key.ID),
			exec(`DELETE FROM app_shop_data WHERE platform = $1 AND id = $2`, key.Platform, key.ID),
			exec(`DELETE FROM app_installs WHERE platform = $1 AND id = $2 AND (installed_at = 0 OR $3)`, key.Platform, key.ID, over),
		)
	})
}

// erase unlinks a shop: its grant goes, and is ended at the platform where that can be done,
// and then its data. The facts of an install stay until the platform reports the uninstall;
// where none does, this is it. It may be repeated.
func (a *app) erase(ctx context.Context, key shopKey) error {
	p := a.platform(key.Platform)
	if p != nil && p.unlink != nil {
		if err := p.unlink(ctx, key.ID); err != nil {
			return err
		}
	}
	return a.store.erase(ctx, key, p == nil || len(p.hooks) == 0)
}

// revoke ends the grant of a shop. The platform's refusal does not keep it.
func (a *app) revoke(ctx context.Context, p *platform, id string) error {
	err := p.grants.Revoke(ctx, id)
	if errors.Is(err, oauth.ErrStoreUnavailable) {
		return err
	}
	if err != nil && !errors.Is(err, oauth.ErrNotSupported) && !errors.Is(err, oauth.ErrNoGrant) {
		a.log.Warn("the platform did not end a grant", "platform", p.name, "shop", id, "error", err)
	}
	return nil
}
