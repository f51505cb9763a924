package rakuten

import (
	"context"
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// CategoryTree is the categories of a set in their order.
type CategoryTree struct {
	CategorySet   *CategorySet     `json:"categorySet,omitzero"`
	CategorySetID string           `json:"categorySetId,omitzero"`
	RootNode      CategoryRootNode `json:"rootNode"`
	Created       ItemTime         `json:"created,omitzero"`
	Updated       ItemTime         `json:"updated,omitzero"`
}

// CategoryRootNode holds the categories at the top of a tree.
type CategoryRootNode struct {
	Children []CategoryNode `json:"children,omitzero"`
}

// CategoryNode is a category and those below it.
type CategoryNode struct {
	Category Category       `json:"category"`
	Children []CategoryNode `json:"children,omitzero"`
}

// Nodes is the tree as ReplaceTree takes it: the place to start from when a category is to
// be added or moved without losing the others.
func (t *CategoryTree) Nodes() []CategoryTreeNode { return treeNodes(t.RootNode.Children) }

func treeNodes(nodes []CategoryNode) []CategoryTreeNode {
	var out []CategoryTreeNode
	for _, node := range nodes {
		out = append(out, CategoryTreeNode{CategoryID: node.Category.CategoryID, Children: treeNodes(node.Children)})
	}
	return out
}

// GetTreeParams selects what is returned of the categories in a tree.
type GetTreeParams struct {
	CategorySetFields CategorySetFields `url:"categorysetfields,omitempty"`
	CategoryFields    CategoryFields    `url:"categoryfields,omitempty"` // ids alone without it
}

// Tree returns the categories of a set, NoCategorySet in shops without sets.
func (s *CategoriesService) Tree(ctx context.Context, categorySetID string, params GetTreeParams, opts ...shotengai.CallOption) (*CategoryTree, error) {
	r := api.Request{Operation: "GET /es/2.0/categories/shop-category-trees/category-set-ids/{categorySetId}", Path: []string{categorySetID}, Params: params}
	return api.Get[CategoryTree](ctx, s.client.engine, r, opts...)
}

// CategoryTreeNode places a category and those below it.
type CategoryTreeNode struct {
	CategoryID string             `json:"categoryId"`
	Children   []CategoryTreeNode `json:"children,omitzero"`
}

// ReplaceTree writes the whole tree of a set. A category that is left out is deleted, and
// with it the mapping of its items; CategoryTree.Nodes is the present tree to start
// from. An empty tree is refused: DeleteTree is for that.
func (s *CategoriesService) ReplaceTree(ctx context.Context, categorySetID string, tree []CategoryTreeNode, opts ...shotengai.CallOption) error {
	check := badTree(tree, make(map[string]bool))
	if len(tree) == 0 {
		check = errors.New("children: an empty tree deletes all categories of the set; call DeleteTree if that is meant")
	}
	return s.putTree(ctx, categorySetID, tree, check, opts...)
}

// DeleteTree deletes all categories of a set, with the mappings of their items.
func (s *CategoriesService) DeleteTree(ctx context.Context, categorySetID string, opts ...shotengai.CallOption) error {
	return s.putTree(ctx, categorySetID, nil, nil, opts...)
}

func (s *CategoriesService) putTree(ctx context.Context, categorySetID string, tree []CategoryTreeNode, check error, opts ...shotengai.CallOption) error {
	body := struct {
		Children []CategoryTreeNode `json:"children,omitzero"`
	}{tree}
	r := api.Request{Operation: "PUT /es/2.0/categories/shop-category-trees/category-set-ids/{categorySetId}", Path: []string{categorySetID}, Body: body, Check: check}
	return s.client.engine.Do(ctx, r, nil, opts...)
}
