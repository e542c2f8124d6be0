/**
 * The files in a ZIP archive, taken out one by one as they are needed (APPNOTE 6.3.10 §4.3). The directory at the end is
 * read first; stored and deflated members only, which is what burning software and Windows write.
 */

export interface Member {
  readonly path: string;
  readonly size: number;
  readonly open: () => Promise<Blob>;
}

/** The archive cannot be read: cut off, encrypted, or no archive. */
export class ZipBroken extends Error {
  override readonly name = "ZipBroken";
}

const END = 0x0605_4b50;
const END_64 = 0x0606_4b50;
const LOCATOR_64 = 0x0706_4b50;
const ENTRY = 0x0201_4b50;
const LOCAL = 0x0403_4b50;
const LONGEST_COMMENT = 65_557;
const STORED = 0;
const DEFLATED = 8;

async function viewOf(archive: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await archive.slice(Math.max(0, from), to).arrayBuffer());
}

interface Directory {
  readonly at: number;
  readonly size: number;
}

async function directory64(archive: Blob, tail: DataView, end: number): Promise<Directory> {
  const locator = end - 20;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) throw new ZipBroken();
  const at = Number(tail.getBigUint64(locator + 8, true));
  const record = await viewOf(archive, at, at + 56);
  if (record.byteLength < 56 || record.getUint32(0, true) !== END_64) throw new ZipBroken();
  return { at: Number(record.getBigUint64(48, true)), size: Number(record.getBigUint64(40, true)) };
}

async function directoryOf(archive: Blob): Promise<Directory> {
  const tail = await viewOf(archive, archive.size - LONGEST_COMMENT, archive.size);
  for (let at = tail.byteLength - 22; at >= 0; at -= 1)
    if (tail.getUint32(at, true) === END) {
      const found = { at: tail.getUint32(at + 16, true), size: tail.getUint32(at + 12, true) };
      return found.at === 0xffff_ffff || found.size === 0xffff_ffff ? directory64(archive, tail, at) : found;
    }
  throw new ZipBroken();
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
  readonly encrypted: boolean;
}

/** ZIP64's extra field holds, in this order, whichever of the three did not fit. */
function wide(view: DataView, from: number, to: number, narrow: readonly [number, number, number]) {
  const values: [number, number, number] = [...narrow];
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    for (const place of [0, 1, 2] as const)
      if (values[place] === 0xffff_ffff && field + 8 <= to) {
        values[place] = Number(view.getBigUint64(field, true));
        field += 8;
      }
  }
  return values;
}

function entryAt(view: DataView, at: number): { readonly entry: Entry; readonly next: number } {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) throw new ZipBroken();
  const named = at + 46 + view.getUint16(at + 28, true);
  const extra = named + view.getUint16(at + 30, true);
  const flags = view.getUint16(at + 8, true);
  const bytes = new Uint8Array(view.buffer, at + 46, named - at - 46);
  const narrow = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)] as const;
  const [size, packed, offset] = wide(view, named, extra, narrow);
  const entry = {
    // Bit 11 says UTF-8; Chinese Windows writes GBK without saying so.
    path: new TextDecoder((flags & 0x800) === 0 ? "gbk" : "utf-8").decode(bytes),
    method: view.getUint16(at + 10, true),
    packed,
    size,
    at: offset,
    encrypted: (flags & 1) !== 0,
  };
  return { entry, next: extra + view.getUint16(at + 32, true) };
}

async function take(archive: Blob, { at, packed, method, encrypted }: Entry): Promise<Blob> {
  const local = await viewOf(archive, at, at + 30);
  if (encrypted || local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) throw new ZipBroken();
  const from = at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const raw = archive.slice(from, from + packed);
  if (method === STORED) return raw;
  if (method !== DEFLATED) throw new ZipBroken();
  return new Response(raw.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
}

/** The members of an archive, folders left out. Throws `ZipBroken`. */
export async function membersOf(archive: Blob): Promise<readonly Member[]> {
  const place = await directoryOf(archive);
  const view = await viewOf(archive, place.at, place.at + place.size);
  const members: Member[] = [];
  for (let at = 0; at + 46 <= view.byteLength;) {
    const { entry, next } = entryAt(view, at);
    at = next;
    if (!entry.path.endsWith("/"))
      members.push({ path: entry.path, size: entry.size, open: () => take(archive, entry) });
  }
  return members;
}
