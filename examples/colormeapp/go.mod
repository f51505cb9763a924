module github.com/shotengai/shotengai-go/examples/colormeapp

go 1.26.0

replace github.com/shotengai/shotengai-go => ../..
