/** TCP port of the HTTP server in every demo pod, and in every node of the lab. */
export const HTTP_PORT = 80;
/** UDP port of the echo server in the same places, and its SCTP port where the kernel has SCTP: it is given one number for both. */
export const UDP_ECHO_PORT = 9000;
