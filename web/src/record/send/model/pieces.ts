/** Files as a person picks or drops them, folders and archives opened, each with its head read. Pixels stay unread. */
import { HEAD_BYTES, readHeader, type Header } from "./header.ts";
import { membersOf, ZipBroken } from "./zip.ts";

/** One DICOM object that may be sent. */
export interface Piece {
  /** Names these bytes without telling anything about them; the same file gives the same mark tomorrow. */
  readonly mark: string;
  readonly path: string;
  readonly size: number;
  readonly header: Header;
  readonly open: () => Promise<Blob>;
}

export type AsideReason = "not-dicom" | "directory" | "unreadable" | "zip-broken";

/** A file that is not sent, and why. */
export interface Aside {
  readonly path: string;
  readonly reason: AsideReason;
}

export interface Gathered {
  readonly pieces: readonly Piece[];
  readonly asides: readonly Aside[];
}

/** What a file system, a drop or an archive gives. */
interface Source {
  readonly path: string;
  readonly size: number;
  readonly open: () => Promise<Blob>;
}

/** FNV-1a over two seeds: 64 bits are plenty for the files of one order, and need no HTTPS as `crypto.subtle` does. */
function fnv(bytes: Uint8Array, seed: number): number {
  let hash = seed;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x0100_0193);
  return hash >>> 0;
}

function markOf(head: Uint8Array, size: number): string {
  const hex = (n: number) => n.toString(16).padStart(8, "0");
  return `${hex(fnv(head, 0x811c_9dc5))}${hex(fnv(head, 0x1234_5678))}-${size.toString(16)}`;
}

const ZIP = /\.zip$/i;
// What discs and systems put beside images; nobody needs to hear of them.
const QUIET = /(^|\/)(DICOMDIR|Thumbs\.db|\.DS_Store|desktop\.ini|autorun\.inf)$|(^|\/)__MACOSX\//i;

async function sourcesIn(file: Source): Promise<readonly Source[]> {
  if (!ZIP.test(file.path)) return [file];
  const members = await membersOf(await file.open());
  return members.map((member) => ({ ...member, path: `${file.path}/${member.path}` }));
}

async function examine(source: Source): Promise<Piece | Aside> {
  const blob = await source.open();
  const head = new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer());
  const read = readHeader(head);
  if (read.at !== "read") return { path: source.path, reason: read.at };
  return { ...source, size: blob.size, mark: markOf(head, blob.size), header: read.header };
}

/** Reads the heads of all these files; `told` hears how many are done. */
export async function gather(files: readonly Source[], told: (done: number) => void): Promise<Gathered> {
  const pieces = new Map<string, Piece>();
  const asides: Aside[] = [];
  for (const file of files) {
    const sources = await sourcesIn(file).catch((failure: unknown) => {
      if (!(failure instanceof ZipBroken)) throw failure;
      asides.push({ path: file.path, reason: "zip-broken" });
      return [];
    });
    for (const source of sources) {
      if (QUIET.test(source.path)) continue;
      const found = await examine(source);
      if (!("mark" in found)) asides.push(found);
      else pieces.set(found.mark, found);
      told(pieces.size + asides.length);
    }
  }
  return { pieces: [...pieces.values()], asides };
}

function sourceOf(file: File, path = file.webkitRelativePath || file.name): Source {
  return { path, size: file.size, open: () => Promise.resolve(file) };
}

export function picked(files: FileList): readonly Source[] {
  return [...files].map((file) => sourceOf(file));
}

function readAll(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    const all: FileSystemEntry[] = [];
    // A reader hands out at most a hundred entries at a time, and an empty list at the end.
    const next = () => {
      reader.readEntries((some) => {
        all.push(...some);
        if (some.length === 0) resolve(all);
        else next();
      }, reject);
    };
    next();
  });
}

async function inside(entry: FileSystemEntry): Promise<readonly Source[]> {
  if (entry instanceof FileSystemDirectoryEntry)
    return (await Promise.all((await readAll(entry.createReader())).map(inside))).flat();
  if (!(entry instanceof FileSystemFileEntry)) return [];
  const file = await new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });
  return [sourceOf(file, entry.fullPath.replace(/^\//, ""))];
}

/** What was dropped; folders are walked. The list must be read before the event ends. */
export async function dropped(transfer: DataTransfer): Promise<readonly Source[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return picked(transfer.files);
  return (await Promise.all(entries.map(inside))).flat();
}
