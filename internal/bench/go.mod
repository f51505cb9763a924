module github.com/shotengai/shotengai-go/internal/bench

go 1.26.0

replace github.com/shotengai/shotengai-go => ../..
