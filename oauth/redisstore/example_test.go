package redisstore_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
)

// A deployment on Redis: what the server may lose is checked at the start, and a manager
// keeps the grants of all shops in it, encrypted.
func Example() {
	ctx := context.Background()
	client := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")})
	store, err := redisstore.New(client)
	if err != nil {
		log.Fatal(err)
	}
	report, err := store.Check(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, warning := range report.Warnings {
		log.Print(warning)
	}
	key, err := oauth.ParseSealKey("2026", os.Getenv("SEAL_KEY")) // openssl rand -base64 32
	if err != nil {
		log.Fatal(err)
	}
	sealer, err := oauth.NewSealer(key)
	if err != nil {
		log.Fatal(err)
	}
	var provider *oauth.Provider // that of the platform's package, such as stores.OAuth
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = manager.Close(ctx) }()
}

// Two apps share a Redis server by prefixes of their own. A prefix that would split the
// keys of a grant is refused.
func ExampleWithPrefix() {
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
	defer func() { _ = client.Close() }()
	for _, prefix := range []string{"app1:oauth:", "app{1}:"} {
		_, err := redisstore.New(client, redisstore.WithPrefix(prefix))
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// redisstore: prefix "app{1}:": printable ASCII without braces
}
