/**
 * The head of a DICOM object, read in the browser before a byte leaves: who, which study, what. A bounded walk over the
 * first part of the file (PS3.10 §7.1, PS3.5 §7), never the pixels; what cannot be read is a fact, not an exception.
 */
import { decodeText } from "./charset.ts";

export interface Header {
  readonly name: string;
  /** The name's bytes were read in another character set than they claim. */
  readonly guessed: boolean;
  readonly patientId: string;
  /** `1958-03-12`, or empty. */
  readonly birthDate: string;
  readonly sex: "male" | "female" | "unknown";
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
  readonly sopClass: string;
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly seriesText: string;
  readonly studyText: string;
  /** `2026-11-23`, or empty. */
  readonly studyDate: string;
}

export type ReadHeader =
  | { readonly at: "read"; readonly header: Header }
  | { readonly at: "not-dicom" }
  | { readonly at: "directory" }
  | { readonly at: "unreadable" };

/** How much of a file is looked at; patient and study stand well before it. */
export const HEAD_BYTES = 262_144;
const PREAMBLE = 128;
const DICOMDIR = "1.2.840.10008.1.3.10";
const DEFLATED = "1.2.840.10008.1.2.1.99";
const IMPLICIT = "1.2.840.10008.1.2";
const BIG_ENDIAN = "1.2.840.10008.1.2.2";
const UNDEFINED = 0xffff_ffff;
const LONG_VRS = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const LAST_WANTED = 0x0020_0013;

const WANTED = {
  charset: 0x0008_0005,
  sopClass: 0x0008_0016,
  instanceUid: 0x0008_0018,
  studyDate: 0x0008_0020,
  modality: 0x0008_0060,
  studyText: 0x0008_1030,
  seriesText: 0x0008_103e,
  name: 0x0010_0010,
  patientId: 0x0010_0020,
  birthDate: 0x0010_0030,
  sex: 0x0010_0040,
  studyUid: 0x0020_000d,
  seriesUid: 0x0020_000e,
  seriesNumber: 0x0020_0011,
} as const;

interface Coding {
  readonly explicit: boolean;
  readonly little: boolean;
}

interface Element {
  readonly tag: number;
  readonly length: number;
  /** Where the value begins. */
  readonly at: number;
}

type Found = ReadonlyMap<number, Uint8Array>;

function tagAt(view: DataView, at: number, little: boolean): number {
  return view.getUint16(at, little) * 0x1_0000 + view.getUint16(at + 2, little);
}

/** The element that begins at this offset, or null where the bytes end. */
function elementAt(view: DataView, at: number, { explicit, little }: Coding): Element | null {
  if (at + 8 > view.byteLength) return null;
  const tag = tagAt(view, at, little);
  if (!explicit || tag >= 0xfffe_0000) return { tag, length: view.getUint32(at + 4, little), at: at + 8 };
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (!LONG_VRS.has(vr)) return { tag, length: view.getUint16(at + 6, little), at: at + 8 };
  return at + 12 > view.byteLength ? null : { tag, length: view.getUint32(at + 8, little), at: at + 12 };
}

/** Where a sequence or item of undefined length ends: at its delimiter on the same level. */
function endOfUndefined(view: DataView, from: number, coding: Coding, isSequence: boolean): number {
  const delimiter = isSequence ? 0xfffe_e0dd : 0xfffe_e00d;
  for (let at = from; ;) {
    const element = elementAt(view, at, coding);
    if (element === null) return view.byteLength;
    if (element.tag === delimiter) return element.at;
    at =
      element.length === UNDEFINED
        ? endOfUndefined(view, element.at, coding, element.tag !== 0xfffe_e000)
        : element.at + element.length;
  }
}

/** The values of wanted elements; the walk ends at the last one, at the pixels, or where the bytes end. */
function walk(view: DataView, from: number, coding: Coding, until: number): Found {
  const found = new Map<number, Uint8Array>();
  const wanted = new Set<number>([...Object.values(WANTED), 0x0002_0010, 0x0002_0002]);
  for (let at = from; ;) {
    const element = elementAt(view, at, coding);
    if (element === null || element.tag > until) return found;
    if (element.length === UNDEFINED) {
      at = endOfUndefined(view, element.at, coding, true);
      continue;
    }
    const end = element.at + element.length;
    if (wanted.has(element.tag) && end <= view.byteLength)
      found.set(element.tag, new Uint8Array(view.buffer, view.byteOffset + element.at, element.length));
    at = end;
  }
}

function ascii(value: Uint8Array | undefined): string {
  return value === undefined
    ? ""
    : String.fromCharCode(...value)
        .replace(/[\0 ]+$/, "")
        .trim();
}

function dated(raw: string): string {
  const digits = raw.replace(/\D/g, "");
  return digits.length === 8 ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` : "";
}

function headerOf(found: Found): Header {
  const text = (tag: number) => ascii(found.get(tag));
  const charset = text(WANTED.charset);
  const spoken = (tag: number) => decodeText(found.get(tag) ?? new Uint8Array(), charset);
  const name = spoken(WANTED.name);
  const number = Number.parseInt(text(WANTED.seriesNumber), 10);
  const sex = text(WANTED.sex).toUpperCase();
  return {
    name: name.text,
    guessed: name.guessed,
    patientId: spoken(WANTED.patientId).text,
    birthDate: dated(text(WANTED.birthDate)),
    sex: sex === "M" ? "male" : sex === "F" ? "female" : "unknown",
    studyUid: text(WANTED.studyUid),
    seriesUid: text(WANTED.seriesUid),
    instanceUid: text(WANTED.instanceUid),
    sopClass: text(WANTED.sopClass),
    modality: text(WANTED.modality),
    seriesNumber: Number.isNaN(number) ? null : number,
    seriesText: spoken(WANTED.seriesText).text,
    studyText: spoken(WANTED.studyText).text,
    studyDate: dated(text(WANTED.studyDate)),
  };
}

interface Start {
  readonly at: number;
  readonly syntax: string;
  readonly sopClass: string;
}

/** Where the data set begins and how it is written; the meta group is explicit little endian (PS3.10 §7.1). */
function startOf(view: DataView): Start | null {
  if (view.byteLength < PREAMBLE + 4 || view.getUint32(PREAMBLE) !== 0x4449_434d) return null;
  const coding: Coding = { explicit: true, little: true };
  const meta = walk(view, PREAMBLE + 4, coding, 0x0002_ffff);
  let at = PREAMBLE + 4;
  for (let element = elementAt(view, at, coding); element !== null && element.tag <= 0x0002_ffff;) {
    at = element.at + element.length;
    element = elementAt(view, at, coding);
  }
  return { at, syntax: ascii(meta.get(0x0002_0010)), sopClass: ascii(meta.get(0x0002_0002)) };
}

/** Reads the head of a file from its first bytes. */
export function readHeader(bytes: Uint8Array): ReadHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = startOf(view);
  if (start === null) return { at: "not-dicom" };
  if (start.sopClass === DICOMDIR) return { at: "directory" };
  if (start.syntax === DEFLATED) return { at: "unreadable" };
  const coding = { explicit: start.syntax !== IMPLICIT, little: start.syntax !== BIG_ENDIAN };
  const header = headerOf(walk(view, start.at, coding, LAST_WANTED));
  return header.studyUid === "" || header.instanceUid === "" ? { at: "unreadable" } : { at: "read", header };
}
