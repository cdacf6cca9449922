/** Prefix of the namespace that a run creates; the run's id follows. */
export const NAMESPACE_PREFIX = 'wirewitness';

/** Where a client outside the cluster can run: on the machine of this program. */
export const CLIENTS_OUTSIDE = ['local'] as const;
export type ClientOutside = (typeof CLIENTS_OUTSIDE)[number];

/** The capture pods' label and container. */
export const CAPTURE_APP = 'wirewitness-capture';
export const CAPTURE_CONTAINER = 'capture';
