/** A view of the same octets; the same object where it is one. Not in charset.ts: the package's types know no Buffer. */
export const bufferOf = (octets: Uint8Array): Buffer =>
  Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
