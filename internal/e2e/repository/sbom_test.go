package repository

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The bills of materials that .ci/release writes can be read, and name what the modules that
// import this one link.
func TestBillsOfMaterials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"shotengai-go":                   {"golang.org/x/oauth2", "golang.org/x/time", "github.com/google/go-querystring", "github.com/go-jose/go-jose/v4"},
		"shotengai-go-oauth-redisstore":  {"github.com/redis/go-redis/v9", "github.com/shotengai/shotengai-go"},
		"shotengai-go-hooks-redisledger": {"github.com/redis/go-redis/v9", "github.com/shotengai/shotengai-go"},
	} {
		data, err := os.ReadFile(filepath.Join(root, ".ci/out/sbom", name+".cdx.json"))
		if os.IsNotExist(err) {
			t.Skip("bash .ci/release writes them")
		}
		require.NoError(t, err)
		var bill struct {
			Format   string `json:"bomFormat"`
			Version  string `json:"specVersion"`
			Metadata struct {
				Component component `json:"component"`
			} `json:"metadata"`
			Components []component `json:"components"`
		}
		require.NoError(t, json.Unmarshal(data, &bill), name)
		assert.Equal(t, "CycloneDX", bill.Format)
		assert.NotEmpty(t, bill.Version)
		assert.Equal(t, "library", bill.Metadata.Component.Type)
		var names []string
		for _, c := range bill.Components {
			names = append(names, c.Name)
			assert.True(t, strings.HasPrefix(c.PURL, "pkg:golang/"+c.Name), "%s: %s", name, c.PURL)
		}
		assert.Subset(t, names, want, name)
	}
}

type component struct {
	Type string `json:"type"`
	Name string `json:"name"`
	PURL string `json:"purl"`
}
