import type { WireguardDevice } from '../../decode/kernel/wireguard-items.ts';
import { joinWireguard, PRESHARED_KEYS, WIREGUARD_STATE, type WireguardSubcommand } from '../../decode/kernel/wireguard-subcommands.ts';
import type { CommandRecord, Recording } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import type { Datum } from './node-state.ts';
import { outputsOf, type Place, unknown } from './read-datum.ts';

/** The WireGuard device of the stack that is claimed. */
export function wireguardDeviceOf({ manifest: { intent } }: Pick<Recording, 'manifest'>): string {
  return stackOf(intent).devices(intent).wireguard ?? 'wg0';
}

/** The WireGuard device of a node, from the subcommands of `wg show`; null when the node has no such device. */
export async function readWireguard(recording: Recording, place: Place): Promise<Datum<WireguardDevice | null>> {
  const commands = recording.manifest.commands.filter(
    (c) => c.snapshot === place.snapshot && c.node === place.node && /^wg-/.test(c.collector),
  );
  const name = wireguardDeviceOf(recording);
  if (commands.length === 0) return unknown(place, 'wg', 'not in the recording', [], true);
  const missing = await withoutDevice(recording, commands);
  if (missing !== undefined) {
    const evidence = [missing.stdout, missing.stderr];
    if (await isElsewhere(recording, place, missing))
      return unknown(
        place,
        'wg',
        `ip link shows ${name}, but wg cannot read it: its implementation is in user space, and not in this container`,
        evidence,
      );
    return { ok: true, value: null, evidence, commands: [missing] };
  }
  const parts: Partial<Record<WireguardSubcommand, string>> = {};
  for (const part of WIREGUARD_STATE) {
    const outputs = await outputsOf(recording, place, `wg-${part}`);
    if (!outputs.ok) return outputs;
    parts[part] = outputs.value.map((o) => o.text).join('\n');
  }
  // Earlier recorders did not read it: then it is not known whether a peer has one.
  const preshared = await outputsOf(recording, place, `wg-${PRESHARED_KEYS}`);
  if (preshared.ok) parts[PRESHARED_KEYS] = preshared.value.map((o) => o.text).join('\n');
  else if (!preshared.absent) return preshared;
  const evidence = commands.map((c) => c.stdout);
  const { items, unparsed } = joinWireguard(parts, name);
  const first = unparsed[0];
  if (first !== undefined) return unknown(place, 'wg', `line ${first.line} not understood: ${first.text}`, evidence);
  const device = items.find((item) => item.name === name);
  return device === undefined ? unknown(place, 'wg', 'printed nothing', evidence) : { ok: true, value: device, evidence, commands };
}

/** The command that says that there is no such device, if one does: this is evidence of absence, not a failure. */
async function withoutDevice(recording: Recording, commands: readonly CommandRecord[]): Promise<CommandRecord | undefined> {
  for (const command of commands) {
    if (command.exitCode === 0) continue;
    const said = `${await recording.text(command.stderr)}\n${await recording.text(command.stdout)}`;
    if (/No such device|does not exist|Protocol not supported/i.test(said)) return command;
  }
  return undefined;
}

/** A kernel without WireGuard says that the protocol is not supported, also where wireguard-go has made the device and answers elsewhere. */
async function isElsewhere(recording: Recording, { node }: Place, missing: CommandRecord): Promise<boolean> {
  if (!/Protocol not supported/i.test(await recording.text(missing.stderr))) return false;
  const device = wireguardDeviceOf(recording);
  const listed = recording.manifest.commands.filter((c) => c.node === node && c.collector === 'ip-link' && c.exitCode === 0);
  for (const { stdout } of listed) if (new RegExp(`^\\d+: ${device}[:@]`, 'm').test(await recording.text(stdout))) return true;
  return false;
}
