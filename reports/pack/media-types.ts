const BY_SUFFIX: Readonly<Record<string, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  yaml: 'application/yaml',
  html: 'text/html; charset=utf-8',
  xml: 'application/xml',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  pcap: 'application/vnd.tcpdump.pcap',
  pcapng: 'application/vnd.tcpdump.pcap',
  txt: 'text/plain; charset=utf-8',
  err: 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  gz: 'application/gzip',
};

/** Media type by the suffix of a path; unknown ones are octets. */
export function mediaTypeOf(path: string): string {
  return BY_SUFFIX[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
