/** Prefix of the namespace that a run creates; the run's id follows. */
export const NAMESPACE_PREFIX = 'wirewitness';

/** The capture pods' label and container. */
export const CAPTURE_APP = 'wirewitness-capture';
export const CAPTURE_CONTAINER = 'capture';
