package oauth_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The faults that grants have to survive, and the tests that hold them. A test is named
// after its row; subtests of the suite storetest.Run and of TestProcesses in
// internal/e2e/oauth are named so too.
//
//	T22, T24, T25        manager_refresh_test.go
//	T23                  manager_refresh_test.go, storetest; with processes: TestProcesses
//	T26 to T31           manager_refresh_test.go; T31 with SIGKILL: TestProcesses
//	T32, T33, T34        manager_store_test.go; T33 and T34 of the stores: storetest
//	T35, T36             manager_refresh_test.go
//	T37, T38             manager_test.go; T38 at Color Me: colorme
//	T39                  rakuten, where licence keys end; the warning before: its watcher
//	T40, T41, T42        token_test.go
//	T43                  manager_clock_test.go; the expiry itself: provider_test.go
//	T44 to T48           handler_test.go, login_test.go
//	T49                  assertion
//	T50, T51             seal_test.go, manager_store_test.go
//	S01, S02, S03        manager_store_test.go; S03 with processes: TestProcesses
//	S04, S05             manager_store_test.go (with T34), storetest
//	S06                  sqlstore, internal/e2e/oauth
//	S07                  manager_store_test.go; with SIGSTOP: TestProcesses
//	S08                  internal/e2e/oauth, redisstore
//	S09, S10             manager_store_test.go; S09 also redisstore, by SIGKILL too
//	S11                  redisstore
//	S12                  storetest, internal/e2e/oauth
//	S13                  redisstore, on a cluster of two nodes
//	S14                  internal/e2e/oauth, through a PgBouncer
//	S15, S16             internal/e2e/oauth; S15 of a Redis replica: redisstore
//	S17                  storetest, sqlstore
//	S18, S19             manager_store_test.go, storetest
//	S20                  manager_store_test.go; with SIGTERM: TestProcesses
//	S21, S22             manager_test.go
//
// What is a limit and no test, with the reason:
//
//   - T31 on a platform that forgives no repetition: the grant is lost, because only the
//     platform knows the answer that nobody received. The test holds that it is said.
//   - T32, a journal on the disk for grants that cannot be stored: none is kept. It would
//     be a second store with secrets, on disks that many platforms throw away with the
//     process; EventUnsaved and the error of Close report it instead.
//   - S10, a fail-over of Redis with no instance alive that has the newer copy: the grant
//     is lost, which the package comment of redisstore says.
//   - S22, growth over 24 hours: the bound is tested, not the day.
func TestEveryRowHasATest(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`(?m)^func (Test\w+)|"((?:[TS]\d\d )+)`)
	row := regexp.MustCompile(`[TS]\d\d`)
	tested := make(map[string]bool)
	for _, dir := range []string{".", "../internal/e2e/oauth", "../rakuten"} {
		require.NoError(t, filepath.WalkDir(filepath.FromSlash(dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") && filepath.Base(filepath.Dir(path)) != "storetest" {
				return err
			}
			text, err := os.ReadFile(path)
			for _, name := range named.FindAllString(string(text), -1) {
				for _, r := range row.FindAllString(name, -1) {
					tested[r] = true
				}
			}
			return err
		}))
	}
	for letter, rows := range map[string][2]int{"T": {22, 51}, "S": {1, 22}} {
		for i := rows[0]; i <= rows[1]; i++ {
			name := fmt.Sprintf("%s%02d", letter, i)
			assert.True(t, tested[name], "no test is named after %s", name)
		}
	}
}
