module github.com/shotengai/shotengai-go/examples/shotengai

go 1.26.0

replace github.com/shotengai/shotengai-go => ../..
