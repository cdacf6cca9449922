import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeTcpdumpLog } from '../../decode/tcpdump/tcpdump-log.ts';
import { accountFor } from '../../judge/ledger/ledger.ts';
import type { NodeLedger } from '../../judge/ledger/merge-ledgers.ts';
import { localShell } from '../../proc/local-shell.ts';

/** What one worker records: the uplink of its node, for a time. */
export interface LedgerWorkerOptions {
  /** Name of the node, from Kubernetes (`spec.nodeName`). */
  readonly node: string;
  readonly interface: string;
  readonly seconds: number;
  /** pcap filter expression; empty for every frame. */
  readonly filter: string;
  readonly signal: AbortSignal;
}

const READY_MS = 30_000;
const SNAP_LENGTH = '262144';

/** Capture, account, and delete the frames: only the ledger leaves the node. An incomplete capture keeps its ledger and says why. */
export async function recordLedger(options: LedgerWorkerOptions): Promise<NodeLedger> {
  const { node, seconds, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'wirewitness-worker-'));
  const file = join(folder, 'capture.pcap');
  try {
    // Without --immediate-mode, which gives each frame a slot of the full snap length, so that a burst would fill the ring.
    const argv = ['tcpdump', '-n', '-Z', 'root', '-i', options.interface, '-s', SNAP_LENGTH, '-U', '-w', file];
    const capture = await localShell(node || hostname()).start([...argv, ...(options.filter === '' ? [] : [options.filter])], { signal });
    await capture.ready(/listening on /, READY_MS);
    await Promise.race([pause(seconds * 1000, undefined, { signal }), capture.ended]);
    const { exitCode, stderr } = await capture.stop();
    const { counters, droppedByInterface } = decodeTcpdumpLog(stderr);
    const gaps = [
      ...(exitCode === 0 ? [] : [`tcpdump ended with exit code ${exitCode}`]),
      ...(counters === null ? ['tcpdump printed no closing counters'] : []),
      ...(counters !== null && counters.droppedByKernel > 0 ? [`the kernel dropped ${counters.droppedByKernel} packet(s)`] : []),
      ...(droppedByInterface > 0 ? [`the interface dropped ${droppedByInterface} packet(s)`] : []),
    ];
    const ledger = await accountFor(createReadStream(file), { file: `${node}/${options.interface}` });
    if (ledger.truncatedTail) gaps.push('the file ends inside a record');
    return { node, ledger, gaps };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
