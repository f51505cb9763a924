package hooks_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
)

// TestDo sends one event again and again. The change of a delivery that fails leaves
// nothing behind, and the one that stays is not made a second time.
func TestDo(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		effects := prefix + "effects"
		engine.DropTables(t, db, effects)
		_, err := db.ExecContext(t.Context(), "CREATE TABLE "+effects+" (n integer NOT NULL)")
		require.NoError(t, err)

		var called int
		var cancel context.CancelFunc
		var during, after func() error
		receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
			Secrets: []shotengai.Secret{killSecret},
			Ledger:  ledger,
			OnUninstall: func(ctx context.Context, _ *hooks.ColorMeUninstall) error {
				ctx, cancel = context.WithCancel(ctx)
				defer cancel()
				defer func() { // also while it panics
					assert.True(t, ctx.Err() != nil || db.Stats().InUse == 0, "Do has left its transaction open")
				}()
				err := ledger.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
					called++
					if _, err := tx.ExecContext(ctx, "INSERT INTO "+effects+" VALUES (1)"); err != nil {
						return err
					}
					return during()
				})
				return errors.Join(err, after())
			},
		})
		require.NoError(t, err)

		fine := func() error { return nil }
		broken := func() error { return errors.New("broken") }
		panics := func() error { panic("broken") }
		ends := func() error {
			cancel()
			return nil
		}
		event := uninstalled("A3FT0001", time.Unix(1552022740, 0))
		for _, step := range []struct {
			name           string
			during, after  func() error
			status         int
			calls, remains int
		}{
			{"the change fails", broken, fine, http.StatusInternalServerError, 1, 0},
			{"the change panics", panics, fine, http.StatusInternalServerError, 2, 0},
			{"the context ends before the commit", ends, fine, http.StatusInternalServerError, 3, 0},
			{"the process dies between the change and its record", fine, panics, http.StatusInternalServerError, 4, 1},
			{"the change has taken place", fine, fine, http.StatusOK, 4, 1},
			{"the event is finished", broken, broken, http.StatusOK, 4, 1},
		} {
			during, after = step.during, step.after
			req, err := event.Request(t.Context(), "/")
			require.NoError(t, err)
			w := httptest.NewRecorder()
			receiver.UninstallHandler().ServeHTTP(w, req)
			assert.Equal(t, step.status, w.Code, step.name)
			assert.Equal(t, step.calls, called, step.name)
			var n int
			require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+effects).Scan(&n))
			assert.Equal(t, step.remains, n, step.name)
		}
	})
}

// TestDoWithoutADelivery calls Do with a context that no receiver has made.
func TestDoWithoutADelivery(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, _ := e.ledger(t, db)
		err := ledger.Do(t.Context(), func(context.Context, *sql.Tx) error {
			t.Error("the change was made")
			return nil
		})
		require.ErrorContains(t, err, "not that of a delivery")
	})
}
