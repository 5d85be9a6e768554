package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// shells are those that can complete commands and flags, and files elsewhere.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func writeCompletion(w io.Writer, shell string, commands []*cli.Command) {
	switch shell {
	case "bash":
		bashCompletion(w, commands)
	case "zsh":
		zshCompletion(w, commands)
	case "fish":
		fishCompletion(w, commands)
	case "powershell":
		powershellCompletion(w, commands)
	}
}

func completionCommand() *cli.Command {
	return &cli.Command{
		Name:        "completion",
		Usage:       "print what completes commands, flags and files in a shell",
		UsageText:   "zellige completion " + strings.Join(shells, "|"),
		ArgsUsage:   "SHELL",
		Description: "Its output belongs into what the shell reads at its start: ~/.bashrc, ~/.zshrc (behind compinit), ~/.config/fish/config.fish or $PROFILE.",
		Action: func(c *cli.Context) error {
			name, err := oneArgument(c)
			if err != nil {
				return err
			}
			if !slices.Contains(shells, name) {
				return &usageError{fmt.Sprintf("unknown shell %q", name), usageHint(c)}
			}
			writeCompletion(c.App.Writer, name, c.App.Commands)
			return nil
		},
	}
}

// nouns are the words that a command takes that are no files.
func nouns(command string, commands []*cli.Command) (words []string) {
	switch command {
	case "help":
		for _, c := range commands {
			words = append(words, c.Name)
		}
	case "completion":
		words = shells
	}
	return words
}

// dashedFlags are the long flags of a command as they are typed.
func dashedFlags(c *cli.Command) (words []string) {
	for _, f := range c.Flags {
		words = append(words, "--"+f.Names()[0])
	}
	return words
}

func bashCompletion(w io.Writer, commands []*cli.Command) {
	fmt.Fprint(w, "_zellige() {\n\tlocal current=${COMP_WORDS[COMP_CWORD]} flags= nouns=\n"+
		"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tflags=--version\n")
	fmt.Fprintf(w, "\t\tnouns='%s'\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n", strings.Join(nouns("help", commands), " "))
	for _, c := range commands {
		fmt.Fprintf(w, "\t\t%s) flags='%s' nouns='%s' ;;\n", c.Name, strings.Join(dashedFlags(c), " "), strings.Join(nouns(c.Name, commands), " "))
	}
	fmt.Fprint(w, "\t\tesac\n\tfi\n\tcase $current in\n\t-*) nouns=$flags ;;\n\tesac\n"+
		"\tCOMPREPLY=($(compgen -W \"$nouns\" -- \"$current\"))\n}\ncomplete -o default -F _zellige zellige\n")
}

func zshCompletion(w io.Writer, commands []*cli.Command) {
	fmt.Fprint(w, "#compdef zellige\n_zellige() {\n\tlocal -a flags nouns\n\tif (( CURRENT == 2 )); then\n\t\tnouns=(\n")
	for _, c := range commands {
		fmt.Fprintf(w, "\t\t\t%s\n", quoted(c.Name+":"+c.Usage))
	}
	fmt.Fprint(w, "\t\t)\n\telse\n\t\tcase $words[2] in\n")
	for _, c := range commands {
		fmt.Fprintf(w, "\t\t%s)\n\t\t\tnouns=(%s)\n\t\t\tflags=(\n", c.Name, strings.Join(nouns(c.Name, commands), " "))
		for _, f := range c.Flags {
			fmt.Fprintf(w, "\t\t\t\t%s\n", quoted("--"+f.Names()[0]+":"+flagUsage(f)))
		}
		fmt.Fprint(w, "\t\t\t)\n\t\t\t;;\n")
	}
	fmt.Fprint(w, "\t\tesac\n\tfi\n\tif [[ $PREFIX == -* ]]; then\n\t\t_describe -o flag flags\n"+
		"\telif (( $#nouns )); then\n\t\t_describe word nouns\n\telse\n\t\t_files\n\tfi\n}\ncompdef _zellige zellige\n")
}

// quoted is text between the single quotes of a POSIX shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func fishCompletion(w io.Writer, commands []*cli.Command) {
	for _, c := range commands {
		fmt.Fprintf(w, "complete -c zellige -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, fishQuoted(c.Usage))
		behind := fmt.Sprintf("-n '__fish_seen_subcommand_from %s'", c.Name)
		if words := nouns(c.Name, commands); len(words) > 0 {
			fmt.Fprintf(w, "complete -c zellige %s -f -a '%s'\n", behind, strings.Join(words, " "))
		}
		for _, f := range c.Flags {
			value := ""
			if !standsAlone(f) {
				value = " -r"
			}
			fmt.Fprintf(w, "complete -c zellige %s -l %s%s -d %s\n", behind, f.Names()[0], value, fishQuoted(flagUsage(f)))
		}
	}
}

func fishQuoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}

func powershellCompletion(w io.Writer, commands []*cli.Command) {
	list := func(words []string) string {
		if len(words) == 0 {
			return "@()"
		}
		return "@('" + strings.Join(words, "', '") + "')"
	}
	fmt.Fprint(w, "Register-ArgumentCompleter -Native -CommandName zellige -ScriptBlock {\n\tparam($word, $line, $position)\n\t$flags = @{\n")
	for _, c := range commands {
		fmt.Fprintf(w, "\t\t'%s' = %s\n", c.Name, list(dashedFlags(c)))
	}
	fmt.Fprint(w, "\t}\n\t$nouns = @{\n")
	for _, c := range commands {
		if words := nouns(c.Name, commands); len(words) > 0 {
			fmt.Fprintf(w, "\t\t'%s' = %s\n", c.Name, list(words))
		}
	}
	fmt.Fprintf(w, "\t}\n\t$all = %s\n", list(nouns("help", commands)))
	fmt.Fprint(w, `	$typed = @($line.CommandElements | ForEach-Object { $_.ToString() })
	$command = if ($typed.Count -gt 1) { $typed[1] } else { '' }
	$words = if ($typed.Count -lt 2 -or ($typed.Count -eq 2 -and $word)) { $all }
	elseif ($word -like '-*') { $flags[$command] }
	else { $nouns[$command] }
	$words | Where-Object { $_ -like "$word*" } | ForEach-Object {
		[System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
	}
}
`)
}
