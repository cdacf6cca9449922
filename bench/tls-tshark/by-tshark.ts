import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isGrease, tlsGroupName, tlsSuiteName, tlsVersionName } from '../../harness/decode/tls/registry.ts';
import { type FactName, factsOf, type HandshakeFacts } from './handshake-facts.ts';

const run = promisify(execFile);

const FIELDS = [
  ...['frame.number', 'tcp.stream', 'frame.protocols', 'ip.src', 'ipv6.src', 'tcp.srcport', 'ip.dst', 'ipv6.dst', 'tcp.dstport'],
  ...['tls.handshake.type', 'tls.handshake.version', 'tls.handshake.ciphersuite', 'tls.handshake.extensions.supported_version'],
  ...['tls.handshake.extensions_key_share_group', 'tls.handshake.extensions_server_name', 'tls.handshake.extensions_alpn_str'],
  ...['tls.handshake.server_named_curve', 'tls.handshake.extensions_supported_group', 'x509af.serialNumber'],
  ...['x509ce.uniformResourceIdentifier', 'x509ce.dNSName', 'tls.handshake.certificate_length'],
] as const;
type Field = (typeof FIELDS)[number];
/** Between values of one field; it is in none of them. */
const BETWEEN = '^';

/** A connection as tshark reads it. */
export interface SharkHandshake extends HandshakeFacts {
  readonly stream: number;
  /** Layers of the frame of the ClientHello. */
  readonly protocols: string;
}

type Draft = { stream: number; protocols: string; ends: string; frame: number; said: Partial<Record<FactName, string>> };

/**
 * Every TCP stream of a capture in which tshark sees a ClientHello, by streams.
 * @param ports whose TCP is TLS, whatever tshark takes it for
 */
export async function byTshark(file: string, ports: readonly number[] = []): Promise<readonly SharkHandshake[]> {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const shown = ['-Y', 'tcp && tls.handshake.type in {1,2,11,12}', '-T', 'fields', '-E', 'separator=/t', '-E', `aggregator=${BETWEEN}`];
  const decodeAs = ports.flatMap((port) => ['-d', `tcp.port==${port},tls`]);
  const options = ['-o', 'tcp.reassemble_out_of_order:TRUE', ...decodeAs];
  const { stdout } = await run('tshark', ['-n', '-r', file, ...options, ...shown, ...fields], { maxBuffer: 1 << 28 });
  const found = new Map<number, Draft>();
  for (const line of stdout.split('\n').filter((each) => each !== '')) note(found, rowOf(line));
  return [...found.values()].map(({ said, ...rest }) => ({ ...rest, said: factsOf(said) }));
}

/** The first bytes of each TCP stream of a capture, in hex. */
export async function firstPayloads(file: string): Promise<ReadonlyMap<number, string>> {
  const fields = ['-Y', 'tcp.len > 0', '-T', 'fields', '-E', `aggregator=${BETWEEN}`, '-e', 'tcp.stream', '-e', 'tcp.payload'];
  const { stdout } = await run('tshark', ['-n', '-r', file, ...fields], { maxBuffer: 1 << 28 });
  const found = new Map<number, string>();
  for (const line of stdout.split('\n')) {
    const [stream = '', payload = ''] = line.split('\t').map((field) => field.split(BETWEEN).at(-1) ?? '');
    if (stream !== '' && payload !== '' && !found.has(Number(stream))) found.set(Number(stream), payload.replaceAll(':', ''));
  }
  return found;
}

type Row = Readonly<Record<Field, readonly string[]>>;

function rowOf(line: string): Row {
  const values = line.split('\t');
  const list = FIELDS.map((field, index) => [field, (values[index] ?? '').split(BETWEEN).filter((value) => value !== '')] as const);
  return Object.fromEntries(list) as unknown as Row;
}

function note(found: Map<number, Draft>, row: Row): void {
  const types = row['tls.handshake.type'];
  const stream = Number(row['tcp.stream'].at(-1));
  const [src, dst] = [endOf(row, 'src'), endOf(row, 'dst')];
  let draft = found.get(stream);
  if (types.includes('1')) {
    draft ??= {
      stream,
      protocols: row['frame.protocols'].join(' '),
      ends: `${src} > ${dst}`,
      frame: Number(row['frame.number'][0]),
      said: {},
    };
    found.set(stream, draft);
    // A second one counts where the server asked for it.
    if (draft.said.suite !== undefined || draft.said['offered versions'] === undefined) Object.assign(draft.said, clientHello(row));
    return;
  }
  if (draft === undefined) return;
  if (types.includes('2')) Object.assign(draft.said, serverHello(row));
  const curve = row['tls.handshake.server_named_curve'].at(-1);
  if (types.includes('12') && curve !== undefined) draft.said.group = tlsGroupName(Number(curve));
  if (!types.includes('11')) return;
  // The certificate of an OCSP responder in the same frame is none of the chain.
  const chain = types.includes('22') ? row['tls.handshake.certificate_length'].length : row['x509af.serialNumber'].length;
  const serials = row['x509af.serialNumber'].slice(0, chain).map((serial) => serial.replace(/^0x|:/g, '').replace(/^0+/, '').toLowerCase());
  const fromClient = draft.ends.startsWith(`${src} >`);
  const [more, known] = [serials.join(' '), draft.said.certificates ?? ''];
  draft.said.certificates = (fromClient ? [more, known] : [known, more]).filter((text) => text !== '').join(' ');
  // Places of revocation lists and authorities are URIs too.
  const uris = row['x509ce.uniformResourceIdentifier'].filter((uri) => !/^(https?|ldap|file):/.test(uri));
  const names = [...(draft.said.names ?? '').split(' '), ...uris, ...row['x509ce.dNSName']];
  draft.said.names = [...new Set(names)]
    .filter((name) => name !== '')
    .sort()
    .join(' ');
}

/** `address port`: the innermost of each. */
function endOf(row: Row, side: 'src' | 'dst'): string {
  const layers = (row['frame.protocols'][0] ?? '').split(':');
  const family = layers.lastIndexOf('ipv6') > layers.lastIndexOf('ip') ? 'ipv6' : 'ip';
  return `${row[`${family}.${side}`].at(-1)} ${row[`tcp.${side}port`].at(-1)}`;
}

function clientHello(row: Row): Partial<Record<FactName, string>> {
  const offered = row['tls.handshake.extensions.supported_version'].map(Number);
  const versions = offered.length > 0 ? offered : row['tls.handshake.version'].slice(0, 1).map(Number);
  const groups = row['tls.handshake.extensions_supported_group'].map(Number);
  return {
    'offered versions': versions
      .filter((id) => !isGrease(id))
      .map(tlsVersionName)
      .join(' '),
    'server name': row['tls.handshake.extensions_server_name'][0] ?? '',
    // Only visible ASCII, as in this project.
    'offered ALPN': row['tls.handshake.extensions_alpn_str']
      .map((name) => name.replace(/[^\x21-\x7e]/g, ''))
      .filter((name) => name !== '')
      .join(' '),
    'offered groups': groups
      .filter((id) => !isGrease(id))
      .map(tlsGroupName)
      .join(' '),
  };
}

function serverHello(row: Row): Partial<Record<FactName, string>> {
  const [chosen] = row['tls.handshake.extensions.supported_version'];
  const version = chosen ?? row['tls.handshake.version'][0];
  const [suite] = row['tls.handshake.ciphersuite'];
  const [group] = row['tls.handshake.extensions_key_share_group'];
  return {
    ...(version === undefined ? {} : { version: tlsVersionName(Number(version)) }),
    ...(suite === undefined ? {} : { suite: tlsSuiteName(Number(suite)) }),
    ...(group === undefined ? {} : { group: tlsGroupName(Number(group)) }),
    ALPN: row['tls.handshake.extensions_alpn_str'][0] ?? '',
  };
}
