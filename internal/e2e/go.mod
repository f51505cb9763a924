module github.com/shotengai/shotengai-go/internal/e2e

go 1.26.0

require github.com/shotengai/shotengai-go v0.0.0

replace github.com/shotengai/shotengai-go => ../../
