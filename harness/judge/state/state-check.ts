import type { CheckStatement } from '../../model/report.ts';
import type { Finding } from '../../model/verdict.ts';
import type { IpsecProfile, Profile, WireguardProfile } from '../../stacks/cilium/profiles/profile.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { Examination } from './examination.ts';

function withoutProfile(statement: CheckStatement, facts: Facts, why: string): Finding {
  const reason = `profile ${facts.manifest.intent.profile}: ${why}`;
  return { verdict: 'inconclusive', reason, expected: statement.title, observed: reason, evidence: [] };
}

/** A check that needs no profile. */
export function stateCheck(statement: CheckStatement, judge: (x: Examination, facts: Facts) => Finding): Check {
  return { ...statement, judge: (facts) => judge(new Examination(facts), facts) };
}

/** A check that compares with the version's profile; without one it is inconclusive, never a guess. */
export function profileCheck(statement: CheckStatement, judge: (x: Examination, profile: Profile) => Finding): Check {
  return {
    ...statement,
    judge: (facts) =>
      facts.profile === null ? withoutProfile(statement, facts, 'not known') : judge(new Examination(facts), facts.profile),
  };
}

/** A check of the IPsec state against the version's profile. */
export function ipsecCheck(statement: Omit<CheckStatement, 'modes'>, judge: (x: Examination, ipsec: IpsecProfile) => Finding): Check {
  return profileCheck({ ...statement, modes: ['ipsec'] }, (x, profile) => judge(x, profile.ipsec));
}

/** A check of WireGuard against the version's profile. */
export function wireguardCheck(
  statement: Omit<CheckStatement, 'modes'>,
  judge: (x: Examination, wireguard: WireguardProfile) => Finding,
): Check {
  const full: CheckStatement = { ...statement, modes: ['wireguard'] };
  return profileCheck(full, (x, { wireguard }) =>
    wireguard === null ? withoutProfile(full, x.facts, 'this version has no WireGuard') : judge(x, wireguard),
  );
}
