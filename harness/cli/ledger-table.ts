import type { TlsConnection } from '../decode/tls/connection-facts.ts';
import type { QuicAccount } from '../decode/tls/encrypted-flows.ts';
import { isPostQuantum } from '../decode/tls/registry.ts';
import { type AddressLabeller, isExposed } from '../judge/ledger/label.ts';
import type { FlowAccount, Ledger } from '../model/ledger.ts';

/** The most SAs and flows in the table; the JSON has all. */
const MAX_ROWS = 200;

/** A ledger as text: classes, SAs, WireGuard messages, flows; clear pod traffic between nodes is first. */
export function ledgerTable(file: string, ledger: Ledger, label: AddressLabeller): string {
  const lines = [
    `${file}: ${ledger.format}, ${ledger.frames} frames, ${ledger.bytes} bytes captured, ${ledger.wireBytes} on the wire${ledger.truncatedTail ? '; the file ends inside a record' : ''}`,
    '',
    ...table(
      ['class', 'frames', 'bytes'],
      Object.entries(ledger.classes).map(([name, t]) => [name, String(t.frames), String(t.bytes)]),
    ),
  ];
  const name = (address: string): string => withLabel(address, label);
  if (ledger.esp.length > 0) {
    const rows = ledger.esp
      .slice(0, MAX_ROWS)
      .map((e) => [name(e.src), name(e.dst), e.spi, String(e.frames), String(e.firstSeq), String(e.lastSeq), String(e.duplicates)]);
    lines.push('', ...table(['ESP from', 'to', 'spi', 'frames', 'first seq', 'last seq', 'duplicates'], rows));
    if (ledger.esp.length > MAX_ROWS) lines.push(`… and ${ledger.esp.length - MAX_ROWS} more (--json prints all)`);
  }
  if (ledger.wireguard.length > 0) {
    const rows = ledger.wireguard.map((w) => [name(w.src), name(w.dst), w.type, String(w.frames)]);
    lines.push('', ...table(['WireGuard from', 'to', 'type', 'frames'], rows));
  }
  const exposed = ledger.flows.filter((flow) => isExposed(flow, label));
  const others = ledger.flows.filter((flow) => !isExposed(flow, label)).sort((a, b) => b.frames - a.frames);
  if (exposed.length > 0) lines.push('', 'IN THE CLEAR between pods of different nodes:', ...flowRows(exposed, name));
  if (others.length > 0) lines.push('', exposed.length > 0 ? 'other flows:' : 'flows:', ...flowRows(others, name));
  return `${lines.join('\n')}\n`;
}

/** TLS connections and the beginnings of QUIC; empty where a capture has none. */
export function encryptedFlowsTable(
  { tls, quic }: { readonly tls: readonly TlsConnection[]; readonly quic: readonly QuicAccount[] },
  label: AddressLabeller,
): string {
  const lines: string[] = [];
  const name = (address: string, port: number): string => `${withLabel(address, label)} port ${port}`;
  if (tls.length > 0) {
    const rows = tls
      .slice(0, MAX_ROWS)
      .map((c) => [
        name(c.client, c.clientPort),
        name(c.server, c.serverPort),
        c.version ?? 'not answered',
        c.suite ?? '',
        c.group === null ? '' : `${c.group}${isPostQuantum(c.group) ? ' (post-quantum)' : ''}`,
        c.alpn ?? c.offeredAlpn.join(','),
        c.serverName ?? '',
        c.broken === null ? '' : `not TLS from frame ${c.broken.frame}: ${c.broken.why}`,
      ]);
    lines.push('', ...table(['TLS client', 'server', 'version', 'suite', 'group', 'ALPN', 'SNI', ''], rows));
    if (tls.length > MAX_ROWS) lines.push(`… and ${tls.length - MAX_ROWS} more (--json prints all)`);
  }
  if (quic.length > 0) {
    const rows = quic.slice(0, MAX_ROWS).map((q) => [q.version, name(q.src, q.sport), name(q.dst, q.dport), String(q.frames)]);
    lines.push('', ...table(['QUIC', 'from', 'to', 'Initial packets'], rows));
    if (quic.length > MAX_ROWS) lines.push(`… and ${quic.length - MAX_ROWS} more (--json prints all)`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function flowRows(flows: readonly FlowAccount[], name: (address: string) => string): string[] {
  const end = (address: string, port: number | null): string => (port === null ? name(address) : `${name(address)} port ${port}`);
  const rows = flows
    .slice(0, MAX_ROWS)
    .map((f) => [f.class, f.protocol, end(f.src, f.sport), end(f.dst, f.dport), String(f.frames), String(f.bytes), f.layers]);
  const lines = table(['class', 'protocol', 'from', 'to', 'frames', 'bytes', 'layers'], rows);
  if (flows.length > MAX_ROWS) lines.push(`… and ${flows.length - MAX_ROWS} more (--json prints all)`);
  return lines;
}

function withLabel(address: string, label: AddressLabeller): string {
  const found = label(address);
  return found === null ? address : `${address} (${found})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => rows.reduce((width, row) => Math.max(width, row[column]!.length), title.length));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
