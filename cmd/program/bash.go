package program

import "strings"

// bashHead finds out which command the line has, and joins what bash has cut at an equals sign. It has words of bash 3.2, which macOS has.
const bashHead = `# bash completion for NAME; see NAME completion --help
_NAME() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= i IFS=$' \t\n'
	COMPREPLY=()
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		VERBS) verb=${COMP_WORDS[i]}; break ;;
		esac
	done
	case "$verb $prev" in
`

const bashTail = `	esac
}
_NAME_words() {
	COMPREPLY=($(compgen -W "$1" -- "$cur"))
}
_NAME_files() {
	IFS=$'\n'
	compopt -o filenames 2>/dev/null
	COMPREPLY=($(compgen -f -- "$cur"))
}
complete -F _NAME NAME
`

func (c *Command) bash(p *printer) {
	verbs := "''"
	if places := c.places(); len(places) > 1 {
		words := places[0].words()
		verbs = strings.Join(words, "|")
	}
	p.printf("%s", strings.NewReplacer("NAME", c.Name, "VERBS", verbs).Replace(bashHead))
	for _, place := range c.places() {
		c.bashValues(p, &place)
	}
	p.printf("\tesac\n\tcase \"$verb $cur\" in\n")
	for _, place := range c.places() {
		p.printf("\t%s*) _%s_words %s ;;\n", quote(place.verb+" -"), c.Name, quoteAll(place.flagNames()))
		switch words := place.words(); {
		case len(words) > 0:
			p.printf("\t%s*) _%s_words %s ;;\n", quote(place.verb+" "), c.Name, quoteAll(words))
		case place.command.Files:
			p.printf("\t%s*) _%s_files ;;\n", quote(place.verb+" "), c.Name)
		}
	}
	p.printf("%s", strings.ReplaceAll(bashTail, "NAME", c.Name))
}

// bashValues writes what can follow the flags.
func (c *Command) bashValues(p *printer, place *place) {
	for _, flag := range place.flags {
		if !takesValue(flag) {
			continue
		}
		pattern := quote(place.verb + " --" + flag.Name)
		if flag.Short != 0 {
			pattern += "|" + quote(place.verb+" -"+string(flag.Short))
		}
		words, file := values(flag)
		switch {
		case file:
			p.printf("\t%s) _%s_files; return ;;\n", pattern, c.Name)
		case len(words) > 0:
			p.printf("\t%s) _%s_words %s; return ;;\n", pattern, c.Name, quoteAll(words))
		default:
			p.printf("\t%s) return ;;\n", pattern)
		}
	}
}
