/** Which transparent encryption the user claims is on. `none` claims that nothing is encrypted. */
export type Mode = 'ipsec' | 'wireguard' | 'none';

/** How pod packets travel between nodes underneath the encryption. */
export type Routing = 'vxlan' | 'geneve' | 'native';

/** An IP family; checks judge each family by itself. */
export type Family = 'ipv4' | 'ipv6';
