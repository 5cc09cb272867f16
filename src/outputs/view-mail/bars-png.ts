/** Two periods laid over each other as a PNG (RFC 2083, 8 bits, a palette): some hundred octets, without a library. */
import { crc32, deflateSync } from "node:zlib";

export interface PictureOfPeriods {
  readonly now: readonly number[];
  readonly before: readonly number[];
}

export const [PICTURE_WIDTH, PICTURE_HEIGHT] = [1200, 240];
const PALETTE = [0xffffff, 0xc5cad3, 0x2c50c8, 0x8a94a6] as const;
const [BEFORE, NOW, LINE] = [1, 2, 3] as const;
const LINE_HEIGHT = 2;

export function barsPng({ now, before }: PictureOfPeriods): Buffer {
  const row = PICTURE_WIDTH + 1;
  // Each row begins with its filter, 0: none.
  const pixels = Buffer.alloc(row * PICTURE_HEIGHT);
  const fill = (left: number, top: number, right: number, bottom: number, colour: number): void => {
    for (let y = Math.round(top); y < Math.round(bottom); y++)
      pixels.fill(colour, y * row + 1 + Math.round(left), y * row + 1 + Math.round(right));
  };
  const steps = Math.max(1, now.length, before.length);
  const most = Math.max(1, ...now, ...before);
  const width = PICTURE_WIDTH / steps;
  const ground = PICTURE_HEIGHT - LINE_HEIGHT;
  const bars = (counts: readonly number[], part: number, colour: number): void =>
    counts.forEach((count, at) => {
      const centre = (at + 0.5) * width;
      const half = (width * part) / 2;
      fill(centre - half, ground - (count / most) * ground, centre + half, ground, colour);
    });
  bars(before, 0.8, BEFORE);
  bars(now, 0.4, NOW);
  fill(0, ground, PICTURE_WIDTH, PICTURE_HEIGHT, LINE);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(PICTURE_WIDTH, 0);
  header.writeUInt32BE(PICTURE_HEIGHT, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(PALETTE.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk("IDAT", deflateSync(pixels, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
