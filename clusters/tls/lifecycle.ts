import type { Lifecycle } from '../../harness/model/cluster.ts';
import type { DatapathBed } from '../datapath/cluster.ts';
import { routePods } from '../mesh/agentless.ts';
import { ROUTE_MTU, type TlsContext } from './layout.ts';

/** Changes of a TLS mesh during traffic. */
export function meshLifecycle(context: TlsContext, bed: DatapathBed): Pick<Lifecycle, 'disableEncryption' | 'restartNode'> {
  const { pods, views, course } = context;
  return {
    disableEncryption: async () => {
      const [stuck, free] = [true, false].map((keeps) => pods.filter(({ node }) => course.keepsRules.has(node) === keeps));
      await context.withdraw(free!);
      await context.endProxies(stuck!);
    },
    /** The node comes back with nothing but its links and its pods; they are enrolled before the first packet can leave them. */
    restartNode: async (name, whileOff) => {
      const view = views.find(({ self }) => self.name === name);
      if (view === undefined) throw new RangeError(`the mesh has no node ${name}, only ${views.map(({ self }) => self.name).join(', ')}`);
      if (bed.nodes === undefined) throw new RangeError('nodes cannot be restarted here');
      const own = pods.filter(({ node }) => node === name);
      await bed.nodes.cutOff(name);
      await context.withdraw(own);
      await whileOff();
      if (course.unredirected.has(name)) await context.start(own);
      else await context.enrol(own);
      await bed.nodes.boot(name);
      await context.route(view);
      await routePods(bed, [view], ROUTE_MTU);
    },
  };
}
