import type { Recording } from '../../model/recording.ts';
import { profileOf } from '../../stacks/stack-of.ts';
import type { Facts } from '../facts.ts';
import { readState } from '../state/state-facts.ts';
import { readWindow } from '../window/window-facts.ts';

/** What kernels and agents said in a recording. Captures are not read and files are not searched: digests hold nothing of them. */
export async function readNodeFacts(recording: Recording): Promise<Facts> {
  const { manifest } = recording;
  return {
    manifest,
    profile: profileOf(manifest.intent),
    state: await readState(recording),
    window: await readWindow(recording),
    wire: { captures: [], flows: [] },
    evidence: { files: 0, bytes: 0, secrets: [], gaps: [], control: { planted: 0, missed: [] }, knownWindows: null },
  };
}
