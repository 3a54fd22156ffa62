#!/usr/bin/env bash
# Checks without network that every link within the repository leads somewhere, and lists the links that lead outside.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
broken=0

links() { # of a Markdown file, one a line; code blocks have none
  awk '/^ *```/ { code = !code; next } !code' "$1" | sed -E 's/`[^`]*`//g' |
    grep -oE '\]\([^) ]+\)|<https?://[^>]+>' | sed -E 's/^\]\((.*)\)$/\1/; s/^<(.*)>$/\1/'
}

anchors() { # the names that GitHub gives the headings of a file
  awk '/^ *```/ { code = !code; next } !code && /^#+ / { sub(/^#+ /, ""); print tolower($0) }' "$1" |
    sed -E 's/[^[:alnum:] _-]//g; s/ /-/g'
}

report() {
  echo "$1: $2"
  broken=1
}

outside=""
while read -r file; do
  while read -r link; do
    case $link in
      http://* | https://* | mailto:*) outside+="$link"$'\n' && continue ;;
    esac
    path=${link%%#*}
    if [ -n "$path" ]; then aim=$(dirname "$file")/$path; else aim=$file; fi
    if [ ! -e "$aim" ]; then
      report "$file" "$link leads nowhere"
    elif [[ $link == *'#'* && $aim == *.md ]] && ! anchors "$aim" | grep -qxF "${link#*#}"; then
      report "$file" "$link names no heading"
    fi
  done < <(links "$file")
done < <(git ls-files --cached --others --exclude-standard '*.md')

echo "Links that lead outside (not followed):"
printf '%s' "$outside" | sort -u | sed 's/^/  /'
exit "$broken"
