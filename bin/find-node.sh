# Sourced by bin/wirewitness, scripts/node and scripts/setup. Defines find_node ROOT: sets $node to a Node.js
# of at least $node_wanted, the machine's first, then the one scripts/setup put into ROOT/.cache/node; returns 1 when there is none.
node_wanted=24

node_major() {
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  echo "${version%%.*}"
}

find_node() {
  for node in "$(command -v node || :)" "$1"/.cache/node/node_modules/node-*/bin/node; do
    [ -x "$node" ] || continue
    major=$(node_major "$node") || continue
    case $major in '' | *[!0-9]*) continue ;; esac
    [ "$major" -ge "$node_wanted" ] && return 0
  done
  node=
  return 1
}
