package dialogue

import (
	"regexp"
	"strings"
	"testing"
)

// numerics are those by which clients of IRC are told something: Modern IRC has them, but for 354, which is WHOX, and those from 761 to 774, which are of IRCv3 draft/metadata-2.
var numerics = strings.Fields(`
	001 002 003 004 005 221 251 252 253 254 255 265 266 375 372 376 422
	301 302 303 305 306 311 312 313 314 315 317 318 319 321 322 323 324 329 330 331 332 333 336 337 338 341 346 347 348 349 351 352 353 354
	364 365 366 367 368 369 371 374 379 381 391 671 704 705 706 730 731 732 733
	401 402 403 404 405 406 407 409 410 411 412 417 421 431 432 433 441 442 443 451 461 462 464 471 472 473 474 475 476 478 481 482 491
	501 502 524 696 734 761 766 770 771 772 774 900 902 903 904 905 906 907 908
`)

// TestEachNumericIsInADialogue: each is expected by some client in a dialogue of IRC.
func TestEachNumericIsInADialogue(t *testing.T) {
	var expected strings.Builder
	for _, d := range all(t) {
		if !strings.HasPrefix(d.Name, "irc-") {
			continue
		}
		for _, st := range d.steps {
			if st.act == expectLine || st.act == expectMatch {
				expected.WriteString(strings.ReplaceAll(st.text, `\.`, ".") + "\n")
			}
		}
	}
	for _, numeric := range numerics {
		isThere := regexp.MustCompile(`:` + regexp.QuoteMeta(ServerName) + ` ` + numeric + ` `).MatchString(expected.String())
		if !isThere {
			t.Errorf("no dialogue expects the numeric %s", numeric)
		}
	}
}
