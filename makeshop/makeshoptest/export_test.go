package makeshoptest

// Looks returns how many products were looked at to answer.
func (shop *Shop) Looks() int {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	return shop.products.looks
}
