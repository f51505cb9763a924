module github.com/shotengai/shotengai-go/examples/mcp

go 1.26.0

replace github.com/shotengai/shotengai-go => ../..
