/** Container in a demo pod. */
export const DEMO_CONTAINER = 'witness';

/** Image of witnesses, capture pods and demo pods, built from clusters/kind/witness. There is no published one. */
export const WITNESS_IMAGE = 'wirewitness-witness:local';
