module github.com/shotengai/shotengai-go/internal/bench

go 1.26.0

require (
	github.com/Khan/genqlient v0.8.1
	github.com/bold-commerce/go-shopify/v4 v4.6.0
	github.com/coreos/go-oidc/v3 v3.21.0
	github.com/digitalocean/godo v1.240.0
	github.com/google/go-github/v71 v71.0.0
	github.com/line/line-bot-sdk-go/v8 v8.14.0
	github.com/shotengai/shotengai-go v0.0.0
	github.com/stretchr/testify v1.12.1
	github.com/stripe/stripe-go/v84 v84.4.1
	golang.org/x/oauth2 v0.37.0
)

require (
	github.com/agnivade/levenshtein v1.2.2 // indirect
	github.com/go-jose/go-jose/v4 v4.1.8 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.7 // indirect
	github.com/shopspring/decimal v0.0.0-20200105231215-408a2507e114 // indirect
	github.com/vektah/gqlparser/v2 v2.5.64 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/shotengai/shotengai-go => ../../
