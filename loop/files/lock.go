package files

import "looproom/loop/folder"

// ErrInUse is the error of Open when another store, in this process or another one, has the folder open.
var ErrInUse = folder.ErrInUse
