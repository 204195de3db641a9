# complete.zsh SCRIPT LINE OUT: what zsh offers when TAB is pressed behind LINE
# is written to OUT, by a shell of its own on a pseudo terminal.
zmodload zsh/zpty || exit 1
zpty shell 'TERM=dumb zsh -f -i' || exit 1

until_seen() {
	local piece
	zpty -r -m shell piece "*$1*"
}

zpty -w shell "PROMPT=; autoload -U compinit; compinit -D -u; source $1; print REA''DY1"
until_seen READY1
zpty -w shell "compadd() { local -a m; builtin compadd -O m \"\$@\"; print -lr -- \$m >>$3; builtin compadd \"\$@\"; }; finish() { zle -I; print DO''NE; }; zle -N finish; bindkey '^X^F' finish; print REA''DY2"
until_seen READY2
zpty -n -w shell "$2"$'\t\C-X\C-F'
until_seen DONE
zpty -d shell
