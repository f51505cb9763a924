package oauth_test

// The faults that the keeping of grants has to survive, and the tests that hold them. A
// test is named after its row; subtests of the suite storetest.Run and of TestProcesses
// in internal/e2e/oauth are named so too.
//
//	T22, T24, T25        manager_refresh_test.go
//	T23                  manager_refresh_test.go, storetest; with processes: TestProcesses
//	T26 to T31           manager_refresh_test.go; T31 with SIGKILL: TestProcesses
//	T32, T33, T34        manager_store_test.go; T33 and T34 of the stores: storetest
//	T35, T36             manager_refresh_test.go
//	T37, T38             manager_test.go
//	T43                  manager_clock_test.go; the expiry itself: token_test.go
//	T50, T51             seal_test.go, manager_store_test.go
//	S01, S02, S03        manager_store_test.go; S03 with processes: TestProcesses
//	S04, S05             manager_store_test.go (with T34), storetest
//	S06                  sqlstore, internal/e2e/oauth
//	S07                  manager_store_test.go; with SIGSTOP: TestProcesses
//	S08                  internal/e2e/oauth
//	S09, S10             manager_store_test.go; S09 also redisstore
//	S11                  redisstore
//	S13                  redisstore, on a cluster of two nodes
//	S12                  storetest, internal/e2e/oauth
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
//     process; EventUnsaved and the error of Close tell instead.
//   - S10, a fail-over of Redis with no instance alive that has the newer copy: the grant
//     is lost, which the package comment of redisstore says.
//   - S22, growth over 24 hours: the bound is tested, not the day.
