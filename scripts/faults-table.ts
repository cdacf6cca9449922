import { NOT_MADE } from '../clusters/datapath/faults/not-made.ts';
import { FAULTS } from '../clusters/faults.ts';
import type { FaultCell, FaultStatement } from '../harness/model/cluster.ts';

/** The catalogue of faults as the tables of docs/faults.md. */
export function faultsTables(): string {
  const made = ['| id | what is wrong | moment | where: must be red | why these |', '|---|---|---|---|---|', ...FAULTS.map(row)];
  const absent = ['| for | what | why not |', '|---|---|---|', ...NOT_MADE.map(({ id, what, reason }) => line([id, what, reason]))];
  return `${made.join('\n')}\n\n## Not made\n\n${absent.join('\n')}`;
}

function row({ id, what, when, scenario, cells, why }: FaultStatement): string {
  const moment = scenario === 'steady' ? when : `${when} (${scenario})`;
  return line([id, what, moment, cells.map((cell) => `${placeOf(cell)}: ${cell.reddens.join(' ')}`).join('<br>'), why]);
}

function placeOf({
  mode,
  routings,
  profiles,
  families,
  nodeEncryption,
  strictIngress,
  presharedKeys,
  cryptoperiod,
  sctp,
  loadBalancer,
  kernelTls,
  egressGateway,
}: FaultCell): string {
  const more = [
    routings?.join('/'),
    profiles?.join('/'),
    families?.join('+'),
    nodeEncryption === true ? 'node encryption' : undefined,
    strictIngress === true ? 'strict ingress' : undefined,
    presharedKeys === true ? 'preshared keys' : undefined,
    cryptoperiod === true ? 'a cryptoperiod' : undefined,
    sctp === true ? 'SCTP' : undefined,
    loadBalancer === true ? 'a load balancer' : undefined,
    kernelTls === true ? 'kernel TLS' : undefined,
    egressGateway === true ? 'an egress gateway' : undefined,
  ];
  return [mode, ...more.filter((part) => part !== undefined)].join(' ');
}

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
