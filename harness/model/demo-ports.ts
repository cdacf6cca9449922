/** TCP port of the HTTP server in every demo pod, and in every node of the lab. */
export const HTTP_PORT = 80;
/** UDP port of the echo server in the same places. */
export const UDP_ECHO_PORT = 9000;
/** SCTP port of the same server, where the kernel has SCTP: the servers are given one number for both. */
export const SCTP_ECHO_PORT = UDP_ECHO_PORT;
