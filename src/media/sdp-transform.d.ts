/** The part of sdp-transform that is used here. What its patterns did not match is simply absent. */
declare module "sdp-transform" {
  type Value = string | number;
  export type ParsedMedia = {
    type?: Value;
    port?: Value;
    protocol?: Value;
    payloads?: Value;
    connection?: { version?: Value; ip?: Value };
    direction?: Value;
    ptime?: Value;
    maxptime?: Value;
    rtcp?: { port?: Value };
    crypto?: { id?: Value; suite?: Value; config?: Value; sessionConfig?: Value }[];
    fmtp?: { payload?: Value; config?: Value }[];
    rtp: { payload?: Value; codec?: Value; rate?: Value; encoding?: Value }[];
  };
  export type ParsedSession = {
    version?: Value;
    timing?: { start?: Value; stop?: Value };
    connection?: { version?: Value; ip?: Value };
    direction?: Value;
    media: ParsedMedia[];
  };
  export function parse(sdp: string): ParsedSession;
}
