/** Why a claim of an egress gateway is refused on a real cluster. */
export const EGRESS_GATEWAY_IN_LAB_ONLY =
  'only the lab drives flows by an egress gateway: here no policy for one is created, and nothing outside answers';
