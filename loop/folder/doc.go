// Package folder has what every folder needs that belongs to one running server: a lock. It knows nothing of what is kept in it.
package folder
