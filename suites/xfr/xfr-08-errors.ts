import { profileCheck } from '../../harness/judge/state/state-check.ts';

/** Error counters of the window. Also under WireGuard: a left-over block policy shows as XfrmOutPolBlock. */
export const xfr08 = profileCheck(
  {
    id: 'XFR-08',
    title: 'error counters (/proc/net/xfrm_stat, all of them, by name) do not grow over the window, beyond a stated allowance',
    modes: ['ipsec', 'wireguard'],
    evidence: '/proc/net/xfrm_stat of every node, before and after',
    controls: ['L07', 'L08', 'L39', 'L40'],
  },
  (x, { ipsec }) => {
    const allowance = ipsec.errorAllowance.value;
    for (const before of x.nodes('before')) {
      const after = x.facts.state.nodes.find((n) => n.node === before.node && n.snapshot === 'after');
      const [first, last] = [x.use(before.xfrmStat), after === undefined ? undefined : x.use(after.xfrmStat)];
      if (first === undefined || last === undefined) continue;
      if (first.length === 0 || last.length === 0) x.gap(`${before.node}: /proc/net/xfrm_stat is empty`);
      for (const { name, value } of last) {
        const start = first.find((c) => c.name === name)?.value;
        if (start === undefined) x.gap(`${before.node}: ${name} is in the second reading only`);
        else if (value < start) x.gap(`${before.node}: ${name} went back from ${start} to ${value}: the node restarted`);
        else
          x.expect(
            value - start <= (allowance[name] ?? 0),
            `${before.node}: ${name} grew by ${value - start}, allowed ${allowance[name] ?? 0}`,
          );
      }
      for (const { name } of first) if (!last.some((c) => c.name === name)) x.gap(`${before.node}: ${name} is in the first reading only`);
    }
    return x.conclude('no counter of /proc/net/xfrm_stat grows from before to after', 'counters');
  },
);
