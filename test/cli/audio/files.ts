/** Sound files for tests, made by hand: the writers are not the ones that the product reads with. */

type Format = "pcm" | "float" | "extensible";

/** RIFF/WAVE (Microsoft and IBM, 1991). `channels` −1…1. `dataBytes`: what the header says, if not the truth. */
export function wav(
  channels: readonly Float32Array[],
  rateHz: number,
  bits: 8 | 16 | 24 | 32 | 64,
  format: Format = "pcm",
  dataBytes?: number,
): Buffer {
  const frames = channels[0]?.length ?? 0;
  const bytesEach = bits / 8;
  const size = frames * channels.length * bytesEach;
  const formatBytes = format === "extensible" ? 40 : 16;
  const head = Buffer.alloc(28 + formatBytes);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(head.length - 8 + size, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(formatBytes, 16);
  head.writeUInt16LE(format === "pcm" ? 1 : format === "float" ? 3 : 0xfffe, 20);
  head.writeUInt16LE(channels.length, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(rateHz * channels.length * bytesEach, 28);
  head.writeUInt16LE(channels.length * bytesEach, 32);
  head.writeUInt16LE(bits, 34);
  if (format === "extensible") {
    head.writeUInt16LE(22, 36);
    head.writeUInt16LE(bits, 38);
    Buffer.from("0100000000001000800000aa00389b71", "hex").copy(head, 44); // PCM
  }
  head.write("data", 20 + formatBytes, "latin1");
  head.writeUInt32LE(dataBytes ?? size, 24 + formatBytes);
  const data = Buffer.alloc(size);
  for (let frame = 0; frame < frames; frame++) {
    for (const [at, channel] of channels.entries()) {
      const value = channel[frame] ?? 0;
      const offset = (frame * channels.length + at) * bytesEach;
      if (format === "float") bits === 64 ? data.writeDoubleLE(value, offset) : data.writeFloatLE(value, offset);
      else if (bits === 8) data.writeUInt8(Math.round(value * 127) + 128, offset);
      else data.writeIntLE(Math.round(value * (2 ** (Math.min(bits, 32) - 1) - 1)), offset, bytesEach);
    }
  }
  return Buffer.concat([head, data]);
}

const blockFrames = 4096;

/** FLAC (RFC 9639) of verbatim subframes: no compression, every check sum right. */
export function flac(channels: readonly Float32Array[], rateHz: number, bits: 8 | 16 | 24): Buffer {
  const frames = channels[0]?.length ?? 0;
  const info = bitWriter();
  for (const [value, width] of [
    [blockFrames, 16],
    [blockFrames, 16],
    [0, 24],
    [0, 24],
    [rateHz, 20],
    [channels.length - 1, 3],
    [bits - 1, 5],
    [0, 4],
    [frames, 32],
  ] as const)
    info.put(value, width);
  const parts: Uint8Array[] = [Buffer.from("fLaC"), Buffer.from([0x80, 0, 0, 34]), info.bytes(), Buffer.alloc(16)];
  for (let from = 0, number = 0; from < frames; from += blockFrames, number++) {
    parts.push(
      flacFrame(
        channels.map((channel) => channel.subarray(from, from + blockFrames)),
        rateHz,
        bits,
        number,
      ),
    );
  }
  return Buffer.concat(parts);
}

/** §9.1.2, §9.1.4: each frame says rate and depth itself, as encoders write it. */
const rateCodes: Readonly<Record<number, number>> = { 8000: 4, 16000: 5, 48000: 10 };
const depthCodes = { 8: 1, 16: 4, 24: 6 } as const;

/** The block's length in 16 bits. `number` < 128. */
function flacFrame(channels: readonly Float32Array[], rateHz: number, bits: 8 | 16 | 24, number: number): Buffer {
  const length = channels[0]?.length ?? 0;
  const head = bitWriter();
  head.put(0xfff8, 16);
  head.put(7, 4);
  head.put(rateCodes[rateHz] ?? 0, 4);
  head.put(channels.length - 1, 4);
  head.put(depthCodes[bits], 3);
  head.put(0, 1);
  head.put(number, 8);
  head.put(length - 1, 16);
  const body = bitWriter();
  for (const channel of channels) {
    body.put(0b00000010, 8);
    for (const value of channel) body.put(Math.round(value * (2 ** (bits - 1) - 1)) & (2 ** bits - 1), bits);
  }
  const withHead = Buffer.concat([head.bytes(), Buffer.from([crc(head.bytes(), 0x07, 8)]), body.bytes()]);
  const end = Buffer.alloc(2);
  end.writeUInt16BE(crc(withHead, 0x8005, 16));
  return Buffer.concat([withHead, end]);
}

function bitWriter() {
  const bits: number[] = [];
  return {
    put(value: number, width: number) {
      for (let bit = width - 1; bit >= 0; bit--) bits.push(Math.floor(value / 2 ** bit) % 2);
    },
    bytes() {
      const out = Buffer.alloc(Math.ceil(bits.length / 8));
      bits.forEach((bit, at) => {
        out[at >> 3] = (out[at >> 3] ?? 0) | (bit << (7 - (at % 8)));
      });
      return out;
    },
  };
}

function crc(bytes: Uint8Array, polynomial: number, width: 8 | 16): number {
  const top = 2 ** (width - 1);
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++)
      value = ((value & top ? (value << 1) ^ polynomial : value << 1) & (2 * top - 1)) >>> 0;
  }
  return value;
}

export function tone(hz: number, rateHz: number, seconds: number, level = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, i) => level * Math.sin((2 * Math.PI * hz * i) / rateHz),
  );
}
