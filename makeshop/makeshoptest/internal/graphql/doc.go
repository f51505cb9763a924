// Package graphql is as much of a GraphQL server as the fake needs: gqlparser, the parser
// of gqlgen, reads and checks schemas, documents and variables, and this package runs the
// documents on Go maps.
package graphql
