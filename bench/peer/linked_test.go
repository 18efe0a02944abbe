//go:build linux

package peer

import "testing"

// TestClusters: what is said at one of the servers is heard by those at the others, and all of them end with Stop.
func TestClusters(t *testing.T) {
	for _, p := range Clusters() {
		t.Run(p.Name, func(t *testing.T) {
			r, err := p.Start(t.Context(), StartOptions{Dir: t.TempDir()})
			started(t, r, err)
			if len(r.Nodes) != p.Nodes-1 {
				t.Fatalf("%d other servers, want %d", len(r.Nodes), p.Nodes-1)
			}
			d := find(t, p.Dialect)
			members := enterAll(t, r.Addr, d, 1)
			for i, node := range r.Nodes {
				m, err := enter(node.Addr, d, i+1, 3)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = m.conn.Close() })
				members = append(members, m)
				if err := hears(t.Context(), members[0].conn, m.conn, d, 3); err != nil {
					t.Fatal(err)
				}
			}
			converse(t, members, 1000)
		})
	}
}
