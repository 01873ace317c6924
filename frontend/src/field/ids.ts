/** A UUID of version 7 (RFC 9562): made on the phone, so that the same thing sent twice is one thing. */
let last = 0;
let step = 0;

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  // Within one millisecond the 12 bits after the version count up: ids made in a row sort in that order.
  step = now === last ? step + 1 : (bytes[6]! & 0x07) << 8;
  last = now;
  let rest = now;
  for (let at = 5; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | ((step >> 8) & 0x0f);
  bytes[7] = step & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
