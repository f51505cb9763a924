// Package graphql is as much of GraphQL as the fake needs: it reads schemas and
// documents, checks documents as gqlgen's validator does and in its words, and
// runs them on Go maps.
package graphql
