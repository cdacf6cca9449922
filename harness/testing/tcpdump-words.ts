import type { CaptureCounters, CaptureKind, CaptureRecord } from '../model/recording.ts';
import { captureLimits } from '../stacks/capture-filter.ts';

/** What the recorder stores of a tcpdump besides its frames. */
export type TcpdumpWords = Pick<CaptureRecord, 'interface' | 'filter' | 'snapLength' | 'argv' | 'readyLine' | 'counters'>;

/** The command and output of a tcpdump as started by the recorder, without losses. */
export function tcpdumpWords(device: string, kind: CaptureKind, frames: number): TcpdumpWords {
  const { filter, snapLength } = captureLimits(kind);
  const options = `-n -Z root -i ${device} -s ${snapLength} -B 4096 -U --immediate-mode -w /tmp/wirewitness-test.pcap`.split(' ');
  return {
    interface: device,
    filter,
    snapLength,
    argv: ['tcpdump', ...options, ...(filter === '' ? [] : [filter])],
    readyLine: `tcpdump: listening on ${device}, link-type EN10MB (Ethernet), snapshot length ${snapLength} bytes`,
    counters: { captured: frames, receivedByFilter: frames, droppedByKernel: 0 },
  };
}

/** What tcpdump prints on its standard error: the ready line, and the closing counters unless it was killed. */
export function tcpdumpLog({ readyLine, counters }: Pick<TcpdumpWords, 'readyLine' | 'counters'>): string {
  return [...(readyLine === null ? [] : [readyLine]), ...(counters === null ? [] : countersOf(counters))].map((l) => `${l}\n`).join('');
}

function countersOf({ captured, receivedByFilter, droppedByKernel }: CaptureCounters): readonly string[] {
  return [`${captured} packets captured`, `${receivedByFilter} packets received by filter`, `${droppedByKernel} packets dropped by kernel`];
}
