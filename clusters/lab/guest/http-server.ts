/**
 * One HTTP/1.0 request from standard input to standard output, run by socat for each connection: the death star of
 * Cilium's demo. `POD` names the server in the answer, so a client sees which backend a service chose.
 */
export const HTTP_SERVER = `#!/usr/bin/dash
read -r method path version || exit 0
length=0
while read -r line; do
  line=\${line%?}
  [ -n "$line" ] || break
  case $line in [Cc]ontent-[Ll]ength:*) length=\${line#*:}; length=\${length# } ;; esac
done
[ "$length" -gt 0 ] 2>/dev/null && head -c "$length" >/dev/null
case "$method $path" in
  "POST /v1/request-landing"*) status="200 OK" body="Ship landed" ;;
  "PUT /v1/exhaust-port"*) status="500 Internal Server Error" body="Panic: deathstar exploded" ;;
  "GET "*) status="200 OK" body="\${POD:-?}" ;;
  *) status="404 Not Found" body="404" ;;
esac
printf 'HTTP/1.0 %s\\r\\nContent-Type: text/plain\\r\\nContent-Length: %d\\r\\nX-Backend: %s\\r\\nConnection: close\\r\\n\\r\\n%s\\n' \\
  "$status" $((\${#body} + 1)) "\${POD:-?}" "$body"
`;
