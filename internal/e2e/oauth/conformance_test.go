package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/oauth/storetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
}

func TestPrefixWithSchema(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]string{"PostgreSQL": "public.", "MariaDB": "test."} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sqlEngines[name]
			db := openDB(t, e.driver, e.dsn())
			_, prefix := newSQL(t, db, e.dialect) // cleans up
			store, err := sqlstore.New(db, e.dialect, sqlstore.WithPrefix(schema+prefix))
			require.NoError(t, err)
			require.NoError(t, store.Migrate(t.Context()))
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
}

func TestDriverSettings(t *testing.T) {
	t.Parallel()
	for name, params := range map[string][]string{
		"client found rows":   {"clientFoundRows=true"},
		"interpolated params": {"interpolateParams=true", "parseTime=true", "loc=Asia%2FTokyo"},
		"read committed":      {"tx_isolation=%27READ-COMMITTED%27"},
		"latin1":              {"charset=latin1"},
	} {
		t.Run("MariaDB "+name, func(t *testing.T) {
			t.Parallel()
			store := newMariaDB(t, params...)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
	for name, params := range map[string][]string{
		"serializable":  {"default_transaction_isolation=serializable"},
		"time zone":     {"TimeZone=Asia/Tokyo", "standard_conforming_strings=on"},
		"cached":        {"default_query_exec_mode=cache_describe"},
		"describe exec": {"default_query_exec_mode=describe_exec"},
	} {
		t.Run("PostgreSQL "+name, func(t *testing.T) {
			t.Parallel()
			store := newPostgres(t, params...)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
}
