//go:build linux

package abuse

import (
	"encoding/json"
	"fmt"
	"os"
)

// WriteJSON writes the report to a file.
func WriteJSON(path string, r *Report) error {
	stamped := *r
	stamped.Schema = SchemaVersion
	text, err := json.MarshalIndent(&stamped, "", "  ")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
