/**
 * A script for bash that prints what a program at an address answers to GET, without the header: nothing else is needed in a pod than bash and sed.
 * The address and the path are words of the harness's own.
 *
 * @param keep prints of the answer's lines only those that match this extended regular expression; absent: all
 */
export function httpGet(address: string, port: number, path: string, keep?: string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return [
    'set -e -o pipefail',
    `exec 3<>/dev/tcp/${address}/${port}`,
    `printf 'GET ${path} HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n' >&3`,
    'IFS= read -r status <&3',
    `case "$status" in *' 200 '*) ;; *) echo "${host}:${port}${path}: $status" >&2; exit 1 ;; esac`,
    `sed '1,/^\\r*$/d' <&3${keep === undefined ? '' : ` | { grep -E '${keep}' || :; }`}`,
    'echo',
    'exec 3>&-',
  ].join('; ');
}
